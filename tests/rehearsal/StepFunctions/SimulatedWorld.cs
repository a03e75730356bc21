using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions;
using Deployer.Rehearsal.StepFunctions.Definitions;
using Deployer.Rehearsal.StepFunctions.Interpreter;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.StepFunctions;

/// <summary>
/// A small world for the interpreter: a queue of due moments and stored executions. Unless set otherwise it writes each execution as JSON
/// after every call and reads it back before the next.
/// </summary>
internal sealed class SimulatedWorld
{
    private readonly PriorityQueue<Action, (DateTimeOffset, long)> _due = new();
    private readonly Dictionary<string, StoredExecution> _executions = [];
    private readonly HashSet<(string, string)> _cancelled = [];
    private readonly Dictionary<string, (string Execution, string Task)> _tokens = [];
    private readonly Random _random = new(1);
    private long _sequence;

    public DateTimeOffset Now { get; private set; } = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Answers the calls of the tasks.</summary>
    public Action<TaskCall> OnInvoke { get; set; } = call => throw new NotSupportedException(call.Task.Resource.Arn);

    public Func<string, bool> ActivityExists { get; set; } = _ => true;

    /// <summary>Whether executions stay in memory between two calls.</summary>
    public bool KeepsInMemory { get; init; }

    public int Calls { get; private set; }

    public StoredExecution this[string arn] => _executions[arn];

    public string Start(
        string machineArn,
        JsonNode definition,
        JsonNode? input,
        string name,
        string role = "arn:aws:iam::111111111111:role/machine"
    )
    {
        var machine = machineArn.Split(':')[^1];
        var state = new ExecutionState
        {
            Arn = $"{machineArn.Replace(":stateMachine:", ":execution:")}:{name}",
            Name = name,
            MachineArn = machineArn,
            MachineName = machine,
            RoleArn = role,
            Input = input?.DeepClone(),
            StartedAt = Now,
        };
        _executions[state.Arn] = new StoredExecution
        {
            Definition = definition.ToJsonString(),
            Text = JsonSerializer.Serialize(state, Store.Json),
        };
        Call(
            state.Arn,
            i =>
            {
                i.Start();
                return true;
            }
        );
        return state.Arn;
    }

    /// <summary>One call of the interpreter over the stored execution.</summary>
    public bool Call(string arn, Func<ExecutionInterpreter, bool> call)
    {
        Calls++;
        var stored = _executions[arn];
        var state = KeepsInMemory && stored.State is { } kept ? kept : JsonSerializer.Deserialize<ExecutionState>(stored.Text, Store.Json)!;
        var answer = call(
            new ExecutionInterpreter(StateMachineDefinition.Parse(stored.Definition), state, new Host(this, arn, stored.History))
        );
        stored.State = state;
        stored.Text = KeepsInMemory ? "" : JsonSerializer.Serialize(state, Store.Json);
        return answer;
    }

    public bool Answer(string token, Func<ExecutionInterpreter, string, bool> answer) =>
        _tokens.TryGetValue(token, out var target) && Call(target.Execution, i => answer(i, target.Task));

    public void After(TimeSpan delay, Action action) => _due.Enqueue(action, (Now + delay, _sequence++));

    public void Run(TimeSpan? limit = null)
    {
        var end = Now + (limit ?? TimeSpan.FromDays(400));
        while (_due.TryPeek(out _, out var moment) && moment.Item1 <= end)
        {
            var action = _due.Dequeue();
            Now = moment.Item1 > Now ? moment.Item1 : Now;
            action();
        }
    }

    private sealed class Host(SimulatedWorld world, string arn, List<HistoryEvent> history) : IExecutionHost
    {
        public DateTimeOffset Now => world.Now;

        public double NextRandom() => world._random.NextDouble();

        public double NextJitter() => world._random.NextDouble();

        public string NewTaskToken(string taskKey)
        {
            var token = $"token-{world._tokens.Count + 1}";
            world._tokens[token] = (arn, taskKey);
            return token;
        }

        public bool ActivityExists(string activity) => world.ActivityExists(activity);

        public void Record(HistoryEvent historyEvent) => history.Add(historyEvent);

        public void Schedule(string timerKey, TimeSpan delay) =>
            world.After(
                delay,
                () =>
                {
                    if (!world._cancelled.Remove((arn, timerKey)))
                    {
                        world.Call(arn, i => i.TimerFired(timerKey)).ShouldBeTrue();
                    }
                }
            );

        public void Cancel(string timerKey) => world._cancelled.Add((arn, timerKey));

        public void Invoke(TaskInvocation task) => world.After(TimeSpan.Zero, () => world.OnInvoke(new(world, arn, task)));

        public void Release(string taskKey) { }

        public void StatusChanged(ExecutionState execution) => world._executions[arn].Statuses.Add(execution.Status);
    }
}

/// <summary>A call that a task made.</summary>
internal sealed record TaskCall(SimulatedWorld World, string Execution, TaskInvocation Task)
{
    public JsonNode? Parameters => StateData.Parse(Task.Parameters);

    public void Started(string? worker = null) => World.Call(Execution, i => i.TaskStarted(Task.Key, worker));

    public void Answered(JsonNode? output) =>
        World.After(TimeSpan.Zero, () => World.Call(Execution, i => i.CallSucceeded(Task.Key, StateData.Text(output))));

    public void Refused(string? error, string? cause) =>
        World.After(TimeSpan.Zero, () => World.Call(Execution, i => i.CallFailed(Task.Key, error, cause)));
}

/// <summary>An execution as it is kept.</summary>
internal sealed class StoredExecution
{
    public required string Definition { get; init; }

    public required string Text { get; set; }

    public ExecutionState State { get; set; } = null!;

    public List<HistoryEvent> History { get; } = [];

    public List<ExecutionStatus> Statuses { get; } = [];
}
