using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>
/// The executions of every account: stored, run by the interpreter, their tasks called under the machine's role. Everything that is awaited
/// is known by a stored key, so an execution goes on in a world that was closed and opened again.
/// </summary>
public sealed class Executions
{
    /// <summary>How long a closed execution can be redriven, and how long it is kept.
    /// Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.</summary>
    private static readonly TimeSpan Redrivable = TimeSpan.FromDays(14);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private readonly RehearsalWorld _world;
    private readonly Table<ExecutionRecord> _executions;
    private readonly Table<HistoryEvent> _history;
    private readonly Table<StartedDefinition> _definitions;
    private readonly Table<TaskToken> _tokens;
    private readonly TaskCalls _calls;
    private readonly IEventSource _events;
    private readonly Activities _activities;

    /// <summary>Definitions by their digest, parsed once.</summary>
    private readonly Dictionary<string, StateMachineDefinition> _parsed = new(StringComparer.Ordinal);

    /// <summary>The executions of a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="activities">The activities that tasks wait for.</param>
    /// <param name="lambda">Calls functions.</param>
    /// <param name="events">Takes <c>Step Functions Execution Status Change</c>.</param>
    public Executions(RehearsalWorld world, Activities activities, ILambdaInvoker lambda, IEventSource events)
    {
        _world = world;
        _events = events;
        _activities = activities;
        _executions = world.Store.VersionedTable<ExecutionRecord>(
            "states/executions",
            execution => execution with { State = execution.State.Copy() }
        );
        _history = world.Store.Table<HistoryEvent>("states/history");
        _definitions = world.Store.Table<StartedDefinition>("states/definitions");
        _tokens = world.Store.Table<TaskToken>("states/tokens");
        _calls = new TaskCalls(world, this, activities, lambda);
        world.OnDue(
            TimerKind,
            id =>
            {
                var (arn, key) = Split(id);
                _executions.Get(arn)?.Timers.Remove(key);
                Advance(arn, i => i.TimerFired(key));
            },
            failed: (id, reason) => Break(Split(id).Arn, reason)
        );
    }

    private const string TimerKind = "states/timer";

    /// <summary>Sees each event of a history, with the execution's ARN, as it is recorded.</summary>
    internal Action<string, HistoryEvent>? Observer { get; set; }

    /// <summary>Every execution, by ARN.</summary>
    public IEnumerable<ExecutionState> All() => _executions.WithPrefix("").Select(e => e.Value.State);

    /// <summary>The executions of a machine, the latest first.</summary>
    public IEnumerable<ExecutionState> Of(string machineArn) =>
        _executions.WithPrefix(StatesArn.Execution(machineArn, "")).Select(e => e.Value.State).OrderByDescending(e => e.StartedAt);

    /// <summary>The execution, or null.</summary>
    public ExecutionState? Find(string arn) => _executions.Get(arn)?.State;

    /// <summary>The execution.</summary>
    /// <exception cref="ApiException">ExecutionDoesNotExist.</exception>
    public ExecutionState Get(string arn) =>
        Find(arn) ?? throw new ApiException("ExecutionDoesNotExist", $"Execution Does Not Exist: '{arn}'");

    /// <summary>The definition that an execution started with.</summary>
    /// <exception cref="ApiException">ExecutionDoesNotExist.</exception>
    public string DefinitionOf(string arn) => _definitions.Get(_executions.Get(Get(arn).Arn)!.Definition)!.Text;

    /// <summary>The history of an execution, in order.</summary>
    public IEnumerable<HistoryEvent> History(string arn) => _history.WithPrefix(arn + "/").Select(e => e.Value);

    /// <summary>Starts an execution. One that runs under this name with this input is given back.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="name">The name; a random one when null.</param>
    /// <param name="input">The input's JSON.</param>
    /// <exception cref="ApiException">ExecutionAlreadyExists, InvalidName.</exception>
    public ExecutionState Start(StateMachineRecord machine, string? name, JsonNode? input) => Start(machine, name, input, null);

    /// <inheritdoc cref="Start(StateMachineRecord, string, JsonNode)"/>
    /// <param name="machine">The machine.</param>
    /// <param name="name">The name; a random one when null.</param>
    /// <param name="input">The input's JSON.</param>
    /// <param name="parent">The stored name of the task that waits for the end.</param>
    internal ExecutionState Start(StateMachineRecord machine, string? name, JsonNode? input, string? parent)
    {
        var number =
            _executions.WithPrefix(StatesArn.Execution(machine.Arn, "")).Select(e => e.Value.Number ?? 0).DefaultIfEmpty().Max() + 1;
        name ??= _world.Random.Uuid();
        StateMachines.CheckName(name);
        var arn = StatesArn.Execution(machine.Arn, name);
        if (Find(arn) is { } existing)
        {
            if (existing.Status == ExecutionStatus.Running && JsonNode.DeepEquals(existing.Input, input))
            {
                return existing;
            }

            if (existing.StoppedAt is not { } stopped || _world.Now - stopped < Kept)
            {
                throw new ApiException("ExecutionAlreadyExists", $"Execution Already Exists: '{arn}'");
            }

            Forget(arn);
        }

        var state = new ExecutionState
        {
            Arn = arn,
            Name = name,
            MachineArn = machine.Arn,
            MachineName = machine.Name,
            RoleArn = machine.RoleArn,
            Input = input?.DeepClone(),
            StartedAt = _world.Now,
        };
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(machine.Definition)));
        if (_definitions.Get(digest) is null)
        {
            _definitions.Put(digest, new StartedDefinition(machine.Definition));
        }

        _executions.Put(arn, new ExecutionRecord(state, digest) { Parent = parent, Number = number });
        Advance(
            arn,
            i =>
            {
                i.Start();
                return true;
            }
        );
        return state;
    }

    /// <summary>Stops an execution; one that has ended stays as it is.</summary>
    /// <exception cref="ApiException">ExecutionDoesNotExist.</exception>
    public ExecutionState Stop(string arn, string? error, string? cause)
    {
        var state = Get(arn);
        Advance(arn, i => i.Stop(error, cause));
        return state;
    }

    /// <summary>Why an execution cannot be redriven; null when it can.</summary>
    public string? WhyNotRedrivable(ExecutionState state) =>
        state.Status is ExecutionStatus.Running or ExecutionStatus.Succeeded
            ? $"Execution is {ExecutionShapes.Status(state.Status)} and cannot be redriven"
        : _world.Now - state.StoppedAt > Redrivable ? "Execution has exceeded the redrivable period of 14 days and cannot be redriven"
        : _world.Now - state.StartedAt > ExecutionInterpreter.MaximumTime
            ? "Execution has exceeded the maximum open time of one year and cannot be redriven"
        : state.LastEventId >= ExecutionInterpreter.MaximumEvents - 1 ? "Execution history event count limit exceeded"
        : null;

    /// <summary>Runs an unsuccessful execution on from where it broke.</summary>
    /// <param name="arn">The execution.</param>
    /// <param name="clientToken">Makes the call repeatable.</param>
    /// <returns>When it was redriven.</returns>
    /// <exception cref="ApiException">ExecutionDoesNotExist, ExecutionNotRedrivable.</exception>
    public DateTimeOffset Redrive(string arn, string? clientToken)
    {
        var state = Get(arn);
        var record = _executions.Get(arn)!;
        if (clientToken is not null && record.Redrives.TryGetValue(clientToken, out var before))
        {
            return before;
        }

        if (WhyNotRedrivable(state) is { } reason)
        {
            throw new ApiException("ExecutionNotRedrivable", $"{reason}: '{arn}'");
        }

        if (clientToken is not null)
        {
            record.Redrives[clientToken] = _world.Now;
        }

        Advance(
            arn,
            i =>
            {
                i.Redrive();
                return true;
            }
        );
        return _world.Now;
    }

    /// <summary>
    /// What an execution is called where its moments are drawn: by its number among those of its machine, since its name may be
    /// drawn itself.
    /// </summary>
    internal string ActorOf(string arn) =>
        _executions.Get(arn) is { Number: { } number } record
            ? string.Create(CultureInfo.InvariantCulture, $"{record.State.MachineArn}#{number}")
            : arn;

    /// <summary>The token, or null when none such was given out.</summary>
    public TaskToken? Token(string token) => _tokens.Get(token);

    /// <summary>Gives the oldest waiting task of an activity to a worker; null when none waits.</summary>
    /// <exception cref="ApiException">ActivityDoesNotExist.</exception>
    internal CalledTask? TakeActivityTask(string activityArn, string? worker)
    {
        while (_activities.Take(activityArn) is { } id)
        {
            if (_calls.Find(id) is { } task && Answer(id, (i, key) => i.TaskStarted(key, worker)))
            {
                _world.Hold(id);
                return task;
            }
        }

        return null;
    }

    /// <summary>Answers a task by its stored name; false when it was no longer awaited.</summary>
    internal bool Answer(string task, Func<ExecutionInterpreter, string, bool> answer)
    {
        var (arn, key) = Split(task);
        return Advance(arn, i => answer(i, key));
    }

    /// <summary>Ends an execution that nothing else would advance; whatever else is under way goes on.</summary>
    /// <param name="arn">The execution.</param>
    /// <param name="reason">What the rehearsal failed at.</param>
    internal void Break(string arn, string reason) => Advance(arn, i => i.Break(RehearsalFailed, reason));

    /// <summary>The error of what ended because the rehearsal itself failed.</summary>
    internal const string RehearsalFailed = "Rehearsal.Failed";

    private bool Advance(string arn, Func<ExecutionInterpreter, bool> call)
    {
        if (_executions.Get(arn) is not { } record)
        {
            return false;
        }

        if (!_parsed.TryGetValue(record.Definition, out var definition))
        {
            definition = _parsed[record.Definition] = StateMachineDefinition.Parse(_definitions.Get(record.Definition)!.Text);
        }

        bool awaited;
        try
        {
            awaited = call(Interpreter());
        }
        catch (Exception exception)
        {
            // Nothing else would ever advance it. Whoever called hears what became of it as of any other end.
            _world.Report($"{arn} failed", exception);
            awaited = true;
            End(record, Interpreter(), $"The rehearsal failed: {exception.Message}");
        }
        finally
        {
            _executions.Put(arn, record);
        }

        return awaited;

        ExecutionInterpreter Interpreter() => new(definition, record.State, new Host(this, record));
    }

    /// <summary>Ends an execution that the rehearsal failed at, in any case.</summary>
    private void End(ExecutionRecord record, ExecutionInterpreter interpreter, string reason)
    {
        try
        {
            interpreter.Break(RehearsalFailed, reason);
        }
        catch (Exception exception)
        {
            // Its end could not be recorded or published: it is closed without that.
            var state = record.State;
            _world.Report($"the end of {state.Arn} failed", exception);
            (state.Status, state.StoppedAt) = (ExecutionStatus.Failed, _world.Now);
            (state.Error, state.Cause) = (RehearsalFailed, reason);
            if (record.Parent is { } parent)
            {
                _calls.JobEnded(parent, state.Arn);
            }
        }
    }

    private void Forget(string arn)
    {
        foreach (var (key, _) in _history.WithPrefix(arn + "/"))
        {
            _history.Remove(key);
        }

        _executions.Remove(arn);
    }

    private static (string Arn, string Key) Split(string id)
    {
        var slash = id.LastIndexOf('/');
        return (id[..slash], id[(slash + 1)..]);
    }

    private sealed class Host(Executions owner, ExecutionRecord record) : IExecutionHost
    {
        private readonly RehearsalWorld _world = owner._world;

        public DateTimeOffset Now => _world.Now;

        public double NextRandom() => _world.Random.NextDouble();

        public double NextJitter() => _world.NextStream($"{owner.ActorOf(record.State.Arn)} retries").NextDouble();

        public string NewTaskToken(string taskKey)
        {
            var token = _world.Random.UpperId(128);
            owner._tokens.Put(token, new TaskToken($"{record.State.Arn}/{taskKey}", record.State.MachineArn, IsOpen: true));
            return token;
        }

        public bool ActivityExists(string arn) => owner._activities.Find(arn) is not null;

        public void Record(HistoryEvent historyEvent)
        {
            owner._history.Put($"{record.State.Arn}/{historyEvent.Id:D5}", historyEvent);
            owner.Observer?.Invoke(record.State.Arn, historyEvent);
        }

        public void Schedule(string timerKey, TimeSpan delay)
        {
            var isAwaited = record.State.Timers[timerKey].Purpose is TimerPurpose.Wait or TimerPurpose.Retry;
            record.Timers[timerKey] = _world.Schedule(delay, TimerKind, $"{record.State.Arn}/{timerKey}", isAwaited);
        }

        public void Cancel(string timerKey)
        {
            if (record.Timers.Remove(timerKey, out var id))
            {
                _world.Cancel(id);
            }
        }

        public void Invoke(TaskInvocation task) =>
            owner._calls.Begin(new CalledTask(record.State.Arn, task.Key, task.Resource.Arn, task.Parameters, task.RoleArn, task.Token));

        public void Release(string taskKey)
        {
            _world.LetGo($"{record.State.Arn}/{taskKey}");
            if (owner._calls.End($"{record.State.Arn}/{taskKey}")?.Token is { } token && owner._tokens.Get(token) is { } given)
            {
                owner._tokens.Put(token, given with { IsOpen = false });
            }
        }

        public void StatusChanged(ExecutionState execution)
        {
            owner._events.Publish(
                StatesArn.Account(execution.Arn),
                StatesArn.Region(execution.Arn),
                "aws.states",
                "Step Functions Execution Status Change",
                [execution.Arn],
                ExecutionShapes.Event(execution)
            );
            if (record.Parent is { } parent && execution.Status != ExecutionStatus.Running)
            {
                owner._calls.JobEnded(parent, execution.Arn);
            }
        }
    }
}
