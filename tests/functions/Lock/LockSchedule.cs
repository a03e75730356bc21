using System.Reflection;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using NSubstitute;

namespace Deployer.Functions.Tests.Lock;

/// <summary>
/// One random schedule of a few deployments at one lock: functions that are interrupted at every request, killed before or after it,
/// executions that are stopped, fail and are redriven, events that are lost or late, answers of <c>DescribeExecution</c> that are stale.
/// Everything is decided by the seed; one request happens at a time.
/// </summary>
internal sealed class LockSchedule
{
    private const int Deployments = 4;
    private const int Changes = 2;
    private const int Moves = 220;
    private readonly Random _random;
    private readonly List<Run> _runs;
    private readonly List<(Request Request, int Actor)> _pending = [];
    private readonly HashSet<int> _killed = [];
    private readonly List<Action> _events = [];
    private readonly List<string> _broken = [];
    private readonly Dictionary<(string, string), Dictionary<string, AttributeValue>> _table = [];
    private readonly LedgerTable _ledger;
    private readonly Settling _settling;
    private readonly TargetLock _lock;
    private int _actor;
    private int _actors;
    private bool _calm;

    private LockSchedule(int seed)
    {
        _random = new Random(seed);
        _runs = [.. Enumerable.Range(0, Deployments).Select(number => new Run($"d{number}"))];
        var aws = Substitute.For<IAws>();
        aws.DynamoDB.Returns(Proxy<IAmazonDynamoDB>.For(Table));
        aws.StepFunctions.Returns(Proxy<IAmazonStepFunctions>.For(Executions));
        var settings = new Settings("dev", "table", "bucket", string.Empty, string.Empty, new HashSet<string>());
        _ledger = new LedgerTable(aws, settings);
        var executions = new Executions(aws);
        _settling = new Settling(_ledger, executions, new Notifier(aws, settings, _ledger), new Remedies([]));
        _lock = new TargetLock(_ledger, executions, _settling);
    }

    /// <summary>What is wrong in the schedule of a seed; empty when nothing is.</summary>
    public static IReadOnlyList<string> Faults(int seed)
    {
        // A function goes on within the answer that it waited for, on this thread.
        SynchronizationContext.SetSynchronizationContext(null);
        var schedule = new LockSchedule(seed);
        var faults = new List<string>();
        for (var move = 0; move < Moves && faults.Count == 0; move++)
        {
            schedule.Move();
            faults.AddRange(schedule.LostLocks());
        }

        faults.AddRange(faults.Count == 0 ? schedule.Leftovers() : []);
        return [.. faults, .. schedule._broken];
    }

    /// <summary>An execution that runs and got the answer that it has the lock has it until it ends: two owners cannot both.</summary>
    private IEnumerable<string> LostLocks() =>
        _runs
            .Where(run => run is { Status: Status.Running, Acquired: true, Finishing: false } && !Owns(run))
            .Select(run => $"{run.Name} (redrive {run.Redrives}) runs and lost its lock to {Lock()?.Owner}");

    /// <summary>Everything ends, no event arrives any more: two sweeps leave nothing.</summary>
    private IEnumerable<string> Leftovers()
    {
        _calm = true;
        foreach (var run in _runs.Where(run => run.Status is Status.Running))
        {
            End(run, Status.Aborted);
        }

        foreach (var _ in Enumerable.Range(0, _pending.Count))
        {
            // Functions on their way: some end, some were killed with their environment.
            if (_random.Next(3) == 0 && _pending.Count > 0)
            {
                _killed.Add(_pending[0].Actor);
            }

            Drain();
        }

        for (var sweep = 0; sweep < 2; sweep++)
        {
            Start(Sweep);
            Drain();
        }

        var record = Lock();
        var open = _table.Keys.Where(key => key.Item1 == "OPEN").Select(key => key.Item2).ToList();
        return
        [
            .. record?.Owner is { } owner ? [$"{owner} holds the lock at the end"] : Array.Empty<string>(),
            .. record?.Waiter is { } waiter ? [$"{waiter} waits for the lock at the end"] : Array.Empty<string>(),
            .. open.Select(name => $"{name} is listed for the sweep at the end"),
        ];
    }

    private void Move()
    {
        var choice = _random.Next(100);
        if (choice < 70 && _pending.Count > 0)
        {
            Proceed(_random.Next(_pending.Count));
        }
        else if (choice < 74 && _pending.Count > 0)
        {
            Kill(_random.Next(_pending.Count));
        }
        else if (choice < 80 && _events.Count > 0)
        {
            var index = _random.Next(_events.Count);
            var happened = _events[index];
            _events.RemoveAt(index);
            happened();
        }
        else if (choice < 83)
        {
            Start(Sweep);
        }
        else
        {
            Person(_runs[_random.Next(_runs.Count)]);
        }
    }

    /// <summary>What people and the machine do to an execution.</summary>
    private void Person(Run run)
    {
        switch (run.Status)
        {
            case Status.New:
                run.Status = Status.Running;
                run.Remember();
                Enter(run);
                break;
            case Status.Running when _random.Next(8) == 0:
                End(run, Status.Aborted);
                break;
            case Status.Running when !run.Busy:
                // A heartbeat passed, or the invocation was lost and is tried again.
                Enter(run);
                break;
            case Status.Failed or Status.Aborted when _random.Next(3) == 0 && run.Redrives < 3:
                run.Redrives++;
                run.Status = Status.Running;
                run.Acquired = run.Finishing = run.Busy = false;
                run.Remember();
                Enter(run);
                break;
        }
    }

    /// <summary>The machine invokes the function of the state in which the execution is.</summary>
    private void Enter(Run run)
    {
        var (redrives, state) = (run.Redrives, run.State);
        run.Token = $"{run.Name}-{redrives}-{_actors}";
        run.Busy = true;
        run.Finishing = state > Changes;
        Start(async () =>
        {
            try
            {
                var went = await (
                    state == 0 ? Begin(run, redrives, run.Token)
                    : state <= Changes ? Change(run, redrives)
                    : Finish(run, redrives)
                );
                if (run.Status == Status.Running && run.Redrives == redrives && run.State == state)
                {
                    run.Busy = false;
                    if (went)
                    {
                        Advance(run);
                    }
                }
            }
            catch (DeployerException) when (run.Status == Status.Running && run.Redrives == redrives)
            {
                End(run, Status.Failed);
            }
            catch (DeployerException)
            {
                // Nobody waits for the answer any more.
            }
        });
    }

    private void Advance(Run run)
    {
        run.Acquired = run.Acquired || run.State <= Changes;
        run.State++;
        run.Busy = false;
        if (run.State > Changes + 1)
        {
            End(run, Status.Succeeded);
        }
        else if (_random.Next(2) == 0)
        {
            Enter(run);
        }
    }

    private async Task<bool> Begin(Run run, int redrives, string token)
    {
        var key = DeploymentRecord.Key(new(run.Name));
        var record = await _ledger.Read(key);
        if (record is null)
        {
            record = new DeploymentRecord
            {
                Deployment = new(run.Name),
                Execution = new(run.Arn),
                Service = "inventory",
                Target = "dev",
                Digest = "digest",
                Number = await _lock.NextNumber("inventory", "dev", new(run.Name)),
            };
            await _settling.List(record, redrives);
            record = await _ledger.Change(key, present => present ?? record);
            await _settling.RefuseEnded(record, redrives);
        }

        return await _lock.TakeOrWait(record, redrives, token);
    }

    private async Task<bool> Change(Run run, int redrives)
    {
        await _lock.Ensure((await _ledger.Read(DeploymentRecord.Key(new(run.Name))))!, redrives);
        return true;
    }

    private async Task<bool> Finish(Run run, int redrives)
    {
        await _settling.Close((await _ledger.Read(DeploymentRecord.Key(new(run.Name))))!, redrives, succeeded: true, null, null);
        return true;
    }

    private async Task Sweep()
    {
        foreach (var open in await _ledger.Query(OpenDeployment.All))
        {
            await _settling.Settle(open, DateTimeOffset.UnixEpoch);
        }
    }

    private void End(Run run, Status status)
    {
        run.Status = status;
        run.Busy = false;
        run.Remember();
        if (_random.Next(3) > 0)
        {
            _events.Add(() => Start(() => _settling.Settle(new(run.Arn))));
        }
    }

    private void Start(Func<Task> function)
    {
        var before = _actor;
        _actor = ++_actors;
        _ = Observe(function());
        _actor = before;

        async Task Observe(Task task)
        {
            try
            {
                await task;
            }
            catch (Exception exception)
            {
                _broken.Add(exception.ToString());
            }
        }
    }

    /// <summary>Lets one request happen; the function goes on to its next one.</summary>
    private void Proceed(int index)
    {
        var (request, actor) = _pending[index];
        _pending.RemoveAt(index);
        var result = request.Perform();
        if (_killed.Contains(actor))
        {
            return;
        }

        _actor = actor;
        request.Answer(result);
        _actor = 0;
    }

    /// <summary>Ends a function before its request happens, or before the answer reaches it.</summary>
    private void Kill(int index)
    {
        var (request, actor) = _pending[index];
        _pending.RemoveAt(index);
        _killed.Add(actor);
        if (_random.Next(2) == 0)
        {
            request.Perform();
        }

        foreach (var run in _runs.Where(run => run is { Status: Status.Running, Busy: true }))
        {
            // The machine hears that an invocation was lost; which one does not matter, each may be entered again.
            run.Busy = false;
        }
    }

    private void Drain()
    {
        while (_pending.Count > 0)
        {
            Proceed(_random.Next(_pending.Count));
        }
    }

    private Task<T> Ask<T>(Func<T> perform)
    {
        var request = new Request<T>(perform);
        _pending.Add((request, _actor));
        return request.Task;
    }

    private object Table(string method, object?[] arguments) =>
        arguments[0] switch
        {
            PutItemRequest put => Ask(() =>
            {
                var key = (put.Item["pk"].S, put.Item["sk"].S);
                Check(key, put.ExpressionAttributeValues);
                _table[key] = put.Item;
                return new PutItemResponse();
            }),
            DeleteItemRequest delete => Ask(() =>
            {
                var key = (delete.Key["pk"].S, delete.Key["sk"].S);
                Check(key, delete.ExpressionAttributeValues);
                _table.Remove(key);
                return new DeleteItemResponse();
            }),
            QueryRequest query => Ask(() =>
                new QueryResponse
                {
                    Items =
                    [
                        .. _table
                            .Where(item => item.Key.Item1 == query.ExpressionAttributeValues[":pk"].S)
                            .Where(item => item.Key.Item2.StartsWith(Prefix(query), StringComparison.Ordinal))
                            .OrderBy(item => item.Key.Item2, StringComparer.Ordinal)
                            .Select(item => item.Value),
                    ],
                }
            ),
            string when method == nameof(IAmazonDynamoDB.GetItemAsync) && arguments[1] is Dictionary<string, AttributeValue> key => Ask(
                () =>
                    new GetItemResponse { Item = _table.GetValueOrDefault((key["pk"].S, key["sk"].S)) }
            ),
            _ => throw new NotSupportedException(method),
        };

    private static string Prefix(QueryRequest query) => query.ExpressionAttributeValues.GetValueOrDefault(":sk")?.S ?? string.Empty;

    private void Check((string, string) key, Dictionary<string, AttributeValue>? values)
    {
        var version = _table.TryGetValue(key, out var item) ? item["version"].N : null;
        if (version != values?.GetValueOrDefault(":version")?.N)
        {
            throw new ConditionalCheckFailedException("The conditional request failed");
        }
    }

    private object Executions(string method, object?[] arguments) =>
        arguments[0] switch
        {
            DescribeExecutionRequest describe => Ask(() =>
                _runs.Single(run => run.Arn == describe.ExecutionArn).Describe(_calm ? null : _random)
            ),
            SendTaskSuccessRequest answer => Ask(() =>
            {
                var run = _runs.Find(run => run.Token == answer.TaskToken && run is { Status: Status.Running, State: 0 });
                if (run is null)
                {
                    throw new TaskTimedOutException("Task Timed Out");
                }

                Advance(run);
                return new SendTaskSuccessResponse();
            }),
            SendTaskFailureRequest answer => Ask(() =>
            {
                if (_runs.Find(run => run.Token == answer.TaskToken && run is { Status: Status.Running, State: 0 }) is { } run)
                {
                    End(run, Status.Failed);
                }

                return new SendTaskFailureResponse();
            }),
            _ => throw new NotSupportedException(method),
        };

    private LockRecord? Lock()
    {
        var key = LockRecord.Key("inventory", "dev");
        return _table.TryGetValue((key.Partition, key.Sort), out var item)
            ? System.Text.Json.JsonSerializer.Deserialize(item["document"].S, key.Json)
            : null;
    }

    private bool Owns(Run run) => Lock()?.Owner is { } owner && owner.Deployment.Value == run.Name && owner.RedriveCount == run.Redrives;

    private enum Status
    {
        New,
        Running,
        Succeeded,
        Failed,
        Aborted,
    }

    /// <summary>An execution as it is, and as it was.</summary>
    private sealed class Run(string name)
    {
        private readonly List<(Status Status, int Redrives)> _past = [(Status.New, 0)];

        public string Name { get; } = name;

        public string Arn { get; } = $"arn:aws:states:us-east-1:222222222222:execution:deployer-dev-deploy:{name}";

        public Status Status { get; set; }

        public int Redrives { get; set; }

        public int State { get; set; }

        public string? Token { get; set; }

        /// <summary>Whether an invocation is on its way.</summary>
        public bool Busy { get; set; }

        /// <summary>Whether a function of it, since it was last redriven, has returned with the lock.</summary>
        public bool Acquired { get; set; }

        /// <summary>Whether it gives the lock back by itself.</summary>
        public bool Finishing { get; set; }

        public void Remember() => _past.Add((Status, Redrives));

        /// <summary>How it stands, or stood a moment ago.</summary>
        public DescribeExecutionResponse Describe(Random? random)
        {
            var back = random is not null && random.Next(4) == 0 ? random.Next(Math.Min(3, _past.Count)) : 0;
            var (status, redrives) = _past[^(1 + back)];
            return status == Status.New
                ? throw new ExecutionDoesNotExistException("Execution Does Not Exist")
                : new DescribeExecutionResponse
                {
                    ExecutionArn = Arn,
                    RedriveCount = redrives,
                    Status = status switch
                    {
                        Status.Running => ExecutionStatus.RUNNING,
                        Status.Succeeded => ExecutionStatus.SUCCEEDED,
                        Status.Failed => ExecutionStatus.FAILED,
                        _ => ExecutionStatus.ABORTED,
                    },
                };
        }
    }

    private abstract class Request
    {
        public abstract object Perform();

        public abstract void Answer(object result);
    }

    private sealed class Request<T>(Func<T> perform) : Request
    {
        private readonly TaskCompletionSource<T> _answer = new();

        public Task<T> Task => _answer.Task;

        public override object Perform()
        {
            try
            {
                return perform()!;
            }
            catch (Exception exception)
            {
                return exception;
            }
        }

        public override void Answer(object result)
        {
            if (result is Exception exception)
            {
                _answer.SetException(exception);
            }
            else
            {
                _answer.SetResult((T)result);
            }
        }
    }

    /// <summary>An interface whose calls one function answers.</summary>
    public class Proxy<T> : DispatchProxy
        where T : class
    {
        private Func<string, object?[], object>? _answer;

        public static T For(Func<string, object?[], object> answer)
        {
            var proxy = Create<T, Proxy<T>>();
            ((Proxy<T>)(object)proxy)._answer = answer;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer!(targetMethod!.Name, args ?? []);
    }
}
