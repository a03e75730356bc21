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

    /// <summary>How long an execution may run; one that runs for longer ends with States.Timeout.
    /// Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.</summary>
    public static readonly TimeSpan MaximumTime = TimeSpan.FromDays(365);

    private const int RootBranch = 0;

    private readonly StateMachineDefinition _definition;
    private readonly ExecutionState _execution;
    private readonly IExecutionHost _host;

    /// <summary>Branches about to enter a state. Empty between two calls.</summary>
    private readonly LinkedList<Branch> _ready = [];

    /// <param name="definition">The definition that the execution started with, parsed. A redrive uses it too.</param>
    /// <param name="execution">The stored state.</param>
    /// <param name="host">The world.</param>
    public ExecutionInterpreter(StateMachineDefinition definition, ExecutionState execution, IExecutionHost host)
    {
        _definition = definition;
        _execution = execution;
        _host = host;
    }

    /// <summary>Starts a new execution.</summary>
    public void Start() =>
        Advance(() =>
        {
            var root = new Branch
            {
                Id = RootBranch,
                State = _definition.Graph.StartAt,
                Input = _execution.Input?.DeepClone(),
            };
            _execution.Branches[RootBranch] = root;
            Record(
                0,
                new()
                {
                    Type = "ExecutionStarted",
                    Input = StateData.Text(_execution.Input),
                    RoleArn = _execution.RoleArn,
                }
            );
            StartExecutionTimeout();
            _host.StatusChanged(_execution);
            _ready.AddLast(root);
            return true;
        });

    /// <summary>Aborts a running execution.</summary>
    public bool Stop(string? error, string? cause) =>
        Advance(() =>
        {
            End(ExecutionStatus.Aborted, 0, new(error, cause));
            return true;
        });

    /// <summary>Ends a running execution with a failure that is none of its own.</summary>
    public bool Break(string error, string cause) =>
        Advance(() =>
        {
            End(ExecutionStatus.Failed, 0, new(error, cause));
            return true;
        });

    /// <summary>A timer scheduled through <see cref="IExecutionHost.Schedule"/> fired.</summary>
    public bool TimerFired(string timerKey) =>
        Advance(() =>
        {
            if (!_execution.Timers.Remove(timerKey, out var timer))
            {
                return false;
            }

            if (timer.Purpose == TimerPurpose.ExecutionTimeout)
            {
                End(ExecutionStatus.TimedOut, 0, new(null, null));
                return true;
            }

            if (_host.Now - _execution.StartedAt > MaximumTime)
            {
                End(ExecutionStatus.TimedOut, 0, new(ErrorNames.Timeout, null));
                return true;
            }

            var branch = _execution.Branches[timer.Branch];
            switch (timer.Purpose)
            {
                case TimerPurpose.Wait:
                    Attempt(branch, state => Leave(branch, state, branch.Input));
                    break;
                case TimerPurpose.Retry:
                    _execution.Transitions++;
                    Attempt(branch, state => Work(branch, (RetryableState)state));
                    break;
                default:
                    TaskTimedOut(branch, timer.Purpose == TimerPurpose.Heartbeat);
                    break;
            }

            return true;
        });

    private bool Advance(Func<bool> action)
    {
        if (_execution.Status != ExecutionStatus.Running)
        {
            return false;
        }

        try
        {
            var awaited = action();
            while (_execution.Status == ExecutionStatus.Running && _ready.First is { Value: var branch })
            {
                _ready.RemoveFirst();
                Enter(branch);
            }

            return awaited;
        }
        catch (HistoryFullException)
        {
            var failure = new Failure(ErrorNames.Runtime, $"The execution reached the maximum number of history events ({MaximumEvents}).");
            End(ExecutionStatus.Failed, _execution.LastEventId, failure);
            return true;
        }
        finally
        {
            _ready.Clear();
        }
    }

    private void Enter(Branch branch)
    {
        var state = StateOf(branch);
        branch.EventBeforeEntered = branch.LastEvent;
        branch.EnteredAt = _host.Now;
        branch.RetryCount = 0;
        branch.AppliedRetries.Clear();
        branch.EnteredEvent = Record(
            branch,
            new()
            {
                Type = state.Type + "StateEntered",
                Name = state.Name,
                Input = StateData.Text(branch.Input),
            }
        );
        _execution.Transitions++;
        Attempt(branch, entered => Act(branch, entered));
    }

    /// <summary>Does a part of a state's work; what fails in it is the state's failure.</summary>
    private void Attempt(Branch branch, Action<StateDefinition> part)
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

    private void MoveTo(Branch branch, string state, JsonNode? input)
    {
        branch.State = state;
        branch.Input = input;
        branch.EnteredEvent = 0;
        branch.FanOut = null;
        _ready.AddFirst(branch);
    }

    private StateDefinition StateOf(Branch branch) => GraphOf(branch).States[branch.State];

    private StateGraph GraphOf(Branch branch)
    {
        if (branch.Parent is not { } parent)
        {
            return _definition.Graph;
        }

        return StateOf(_execution.Branches[parent]) switch
        {
            ParallelState parallel => parallel.Branches[branch.Index],
            MapState map => map.Processor,
            var other => throw new InvalidOperationException($"The state {other.Name} has no branches."),
        };
    }

    private IEnumerable<Branch> ChildrenOf(Branch branch) =>
        _execution.Branches.Values.Where(b => b.Parent == branch.Id).OrderBy(b => b.Index).ToList();

    private long Record(Branch branch, HistoryEvent entry)
    {
        if (!branch.IsQuiet)
        {
            branch.LastEvent = Record(branch.LastEvent, entry);
        }

        return branch.LastEvent;
    }

    private long Record(long previous, HistoryEvent entry)
    {
        var ends = entry.Type is "ExecutionFailed" or "ExecutionAborted" or "ExecutionTimedOut" or "ExecutionSucceeded";
        if (_execution.LastEventId >= MaximumEvents - 1 && !ends)
        {
            throw new HistoryFullException();
        }

        _host.Record(entry with { Id = ++_execution.LastEventId, PreviousEventId = previous, Timestamp = _host.Now });
        return _execution.LastEventId;
    }

    private void StartTimer(TimerPurpose purpose, Branch branch, TimeSpan delay)
    {
        var key = $"timer-{++_execution.LastNumber}";
        _execution.Timers[key] = new(purpose, branch.Id);
        // What lies behind the execution's longest time never comes: the first moment after it is the execution's end.
        var left = MaximumTime - (_host.Now - _execution.StartedAt);
        _host.Schedule(key, delay <= left ? delay : left + TimeSpan.FromTicks(1));
    }

    private void CancelTimers(Branch branch, params ReadOnlySpan<TimerPurpose> purposes)
    {
        foreach (var (key, timer) in _execution.Timers.ToList())
        {
            if (timer.Branch == branch.Id && purposes.Contains(timer.Purpose))
            {
                _execution.Timers.Remove(key);
                _host.Cancel(key);
            }
        }
    }

    private void StartExecutionTimeout()
    {
        if (_definition.TimeoutSeconds is { } seconds)
        {
            StartTimer(TimerPurpose.ExecutionTimeout, _execution.Branches[RootBranch], TimeSpan.FromSeconds(seconds));
        }
    }

    private StateEvaluation Evaluate(Branch branch, StateDefinition state, MapItem? item = null) =>
        new(state, branch.EnteredEvent, Context(branch, state, item), Variables(branch), _host);

    private Dictionary<string, JsonNode?> Variables(Branch branch)
    {
        var all = new Dictionary<string, JsonNode?>();
        for (Branch? scope = branch; scope is not null; scope = scope.Parent is { } parent ? _execution.Branches[parent] : null)
        {
            foreach (var (name, value) in scope.Variables)
            {
                all.TryAdd(name, value);
            }
        }

        return all;
    }

    private sealed class HistoryFullException : Exception;
}
