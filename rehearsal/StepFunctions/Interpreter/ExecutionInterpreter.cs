using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>
/// Runs a Standard execution as an explicit machine of branches. Each call takes the stored state as far as it goes without the world, and
/// leaves it storable; nothing is kept outside <see cref="ExecutionState"/>. Every call that answers a task or timer returns whether it was
/// still awaited. Source: https://states-language.net/spec.html and executions recorded on AWS.
/// </summary>
public sealed partial class ExecutionInterpreter
{
    /// <summary>The longest history, in events.
    /// Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.</summary>
    public const int MaximumEvents = 25_000;

    const int RootBranch = 0;

    readonly StateMachineDefinition definition;
    readonly ExecutionState execution;
    readonly IExecutionHost host;

    /// <summary>Branches about to enter a state. Empty between two calls.</summary>
    readonly LinkedList<Branch> ready = [];

    /// <param name="definition">The execution's own definition, parsed.</param>
    /// <param name="execution">The stored state.</param>
    /// <param name="host">The world.</param>
    public ExecutionInterpreter(StateMachineDefinition definition, ExecutionState execution, IExecutionHost host)
    {
        this.definition = definition;
        this.execution = execution;
        this.host = host;
    }

    /// <summary>Starts a new execution.</summary>
    public void Start() => Advance(() =>
    {
        var root = new Branch { Id = RootBranch, State = definition.Graph.StartAt, Input = execution.Input?.DeepClone() };
        execution.Branches[RootBranch] = root;
        Record(0, new() { Type = "ExecutionStarted", Input = StateData.Text(execution.Input), RoleArn = execution.RoleArn });
        StartExecutionTimeout();
        host.StatusChanged(execution);
        ready.AddLast(root);
        return true;
    });

    /// <summary>Aborts a running execution.</summary>
    public bool Stop(string? error, string? cause) => Advance(() =>
    {
        End(ExecutionStatus.Aborted, 0, new(error, cause));
        return true;
    });

    /// <summary>A timer scheduled through <see cref="IExecutionHost.Schedule"/> fired.</summary>
    public bool TimerFired(string timerKey) => Advance(() =>
    {
        if (!execution.Timers.Remove(timerKey, out var timer))
        {
            return false;
        }
        if (timer.Purpose == TimerPurpose.ExecutionTimeout)
        {
            End(ExecutionStatus.TimedOut, 0, new(null, null));
            return true;
        }
        var branch = execution.Branches[timer.Branch];
        switch (timer.Purpose)
        {
            case TimerPurpose.Wait:
                Attempt(branch, state => Leave(branch, state, branch.Input));
                break;
            case TimerPurpose.Retry:
                execution.Transitions++;
                Attempt(branch, state => Work(branch, (RetryableState)state));
                break;
            default:
                TaskTimedOut(branch, timer.Purpose == TimerPurpose.Heartbeat);
                break;
        }
        return true;
    });

    bool Advance(Func<bool> action)
    {
        if (execution.Status != ExecutionStatus.Running)
        {
            return false;
        }
        try
        {
            var awaited = action();
            while (execution.Status == ExecutionStatus.Running && ready.First is { Value: var branch })
            {
                ready.RemoveFirst();
                Enter(branch);
            }
            return awaited;
        }
        catch (HistoryFullException)
        {
            var failure = new Failure(ErrorNames.Runtime, $"The execution reached the maximum number of history events ({MaximumEvents}).");
            End(ExecutionStatus.Failed, execution.LastEventId, failure);
            return true;
        }
        finally
        {
            ready.Clear();
        }
    }

    void Enter(Branch branch)
    {
        var state = StateOf(branch);
        branch.EventBeforeEntered = branch.LastEvent;
        branch.EnteredAt = host.Now;
        branch.RetryCount = 0;
        branch.AppliedRetries.Clear();
        branch.EnteredEvent = Record(branch, new() { Type = state.Type + "StateEntered", Name = state.Name, Input = StateData.Text(branch.Input) });
        execution.Transitions++;
        Attempt(branch, entered => Act(branch, entered));
    }

    /// <summary>Does a part of a state's work; what fails in it is the state's failure.</summary>
    void Attempt(Branch branch, Action<StateDefinition> part)
    {
        var state = StateOf(branch);
        try
        {
            part(state);
        }
        catch (StateFailedException e)
        {
            Fail(branch, state, e.Failure);
        }
    }

    void MoveTo(Branch branch, string state, JsonNode? input)
    {
        branch.State = state;
        branch.Input = input;
        branch.EnteredEvent = 0;
        branch.FanOut = null;
        ready.AddFirst(branch);
    }

    StateDefinition StateOf(Branch branch) => GraphOf(branch).States[branch.State];

    StateGraph GraphOf(Branch branch)
    {
        if (branch.Parent is not { } parent)
        {
            return definition.Graph;
        }
        return StateOf(execution.Branches[parent]) switch
        {
            ParallelState parallel => parallel.Branches[branch.Index],
            MapState map => map.Processor,
            var other => throw new InvalidOperationException($"The state {other.Name} has no branches."),
        };
    }

    IEnumerable<Branch> ChildrenOf(Branch branch) =>
        execution.Branches.Values.Where(b => b.Parent == branch.Id).OrderBy(b => b.Index).ToList();

    long Record(Branch branch, HistoryEvent entry)
    {
        if (!branch.IsQuiet)
        {
            branch.LastEvent = Record(branch.LastEvent, entry);
        }
        return branch.LastEvent;
    }

    long Record(long previous, HistoryEvent entry)
    {
        var ends = entry.Type is "ExecutionFailed" or "ExecutionAborted" or "ExecutionTimedOut" or "ExecutionSucceeded";
        if (execution.LastEventId >= MaximumEvents - 1 && !ends)
        {
            throw new HistoryFullException();
        }
        host.Record(entry with { Id = ++execution.LastEventId, PreviousEventId = previous, Timestamp = host.Now });
        return execution.LastEventId;
    }

    void StartTimer(TimerPurpose purpose, Branch branch, TimeSpan delay)
    {
        var key = $"timer-{++execution.LastNumber}";
        execution.Timers[key] = new(purpose, branch.Id);
        host.Schedule(key, delay);
    }

    void CancelTimers(Branch branch, params ReadOnlySpan<TimerPurpose> purposes)
    {
        foreach (var (key, timer) in execution.Timers.ToList())
        {
            if (timer.Branch == branch.Id && purposes.Contains(timer.Purpose))
            {
                execution.Timers.Remove(key);
                host.Cancel(key);
            }
        }
    }

    void StartExecutionTimeout()
    {
        if (definition.TimeoutSeconds is { } seconds)
        {
            StartTimer(TimerPurpose.ExecutionTimeout, execution.Branches[RootBranch], TimeSpan.FromSeconds(seconds));
        }
    }

    StateEvaluation Evaluate(Branch branch, StateDefinition state, MapItem? item = null) =>
        new(state, branch.EnteredEvent, Context(branch, state, item), Variables(branch), host);

    Dictionary<string, JsonNode?> Variables(Branch branch)
    {
        var all = new Dictionary<string, JsonNode?>();
        for (Branch? scope = branch; scope is not null; scope = scope.Parent is { } parent ? execution.Branches[parent] : null)
        {
            foreach (var (name, value) in scope.Variables)
            {
                all.TryAdd(name, value);
            }
        }
        return all;
    }

    sealed class HistoryFullException : Exception;
}
