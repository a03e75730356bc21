using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <content>Tasks and the host's answers to them.</content>
public sealed partial class ExecutionInterpreter
{
    /// <summary>The called resource took the task.</summary>
    /// <param name="taskKey">The task.</param>
    /// <param name="workerName">The worker that took an activity's task.</param>
    public bool TaskStarted(string taskKey, string? workerName = null) =>
        Answer(
            taskKey,
            (branch, state) =>
            {
                Record(
                    branch,
                    state.Resource.Kind switch
                    {
                        TaskKind.Lambda => new() { Type = "LambdaFunctionStarted" },
                        TaskKind.Activity => new() { Type = "ActivityStarted", WorkerName = workerName },
                        _ => Service(state, "TaskStarted"),
                    }
                );
                StartHeartbeat(branch);
            }
        );

    /// <summary>The call was answered. That ends a task whose resource has no token and no job; otherwise the end is awaited.</summary>
    public bool CallSucceeded(string taskKey, string output) =>
        Answer(
            taskKey,
            (branch, state) =>
            {
                if (!state.Resource.HasToken)
                {
                    Succeeded(branch, state, output);
                    return;
                }

                if (branch.Task!.IsSubmitted)
                {
                    throw new InvalidOperationException($"The call of {taskKey} was answered twice.");
                }

                branch.Task.IsSubmitted = true;
                Record(branch, Service(state, "TaskSubmitted") with { Output = output });
            }
        );

    /// <summary>The call failed.</summary>
    public bool CallFailed(string taskKey, string? error, string? cause) =>
        Answer(
            taskKey,
            (branch, state) => Failed(branch, state, new(error, cause), state.Resource.HasToken ? "TaskSubmitFailed" : "TaskFailed")
        );

    /// <summary>The token came back with success, or the job succeeded.</summary>
    public bool TaskSucceeded(string taskKey, string output) => Answer(taskKey, (branch, state) => Succeeded(branch, state, output));

    /// <summary>The token came back with failure, or the job failed.</summary>
    public bool TaskFailed(string taskKey, string? error, string? cause) =>
        Answer(taskKey, (branch, state) => Failed(branch, state, new(error, cause), "TaskFailed"));

    /// <summary>The work goes on: the heartbeat's clock starts again. Writes no event.</summary>
    public bool TaskHeartbeat(string taskKey) => Answer(taskKey, (branch, _) => StartHeartbeat(branch));

    private bool Answer(string taskKey, Action<Branch, TaskState> answer) =>
        Advance(() =>
        {
            if (_execution.Branches.Values.FirstOrDefault(b => b.Task?.Key == taskKey) is not { } branch)
            {
                return false;
            }

            Attempt(branch, state => answer(branch, (TaskState)state));
            return true;
        });

    private void Work(Branch branch, RetryableState state)
    {
        switch (state)
        {
            case TaskState task:
                Schedule(branch, task);
                break;
            case ParallelState parallel:
                StartParallel(branch, parallel);
                break;
            case MapState map:
                StartMap(branch, map);
                break;
            default:
                throw new InvalidOperationException($"The kind of state {state.Name} is not known.");
        }
    }

    private void Schedule(Branch branch, TaskState state)
    {
        var key = $"task-{++_execution.LastNumber}";
        var task = new PendingTask { Key = key, Token = state.Resource.HasToken ? _host.NewTaskToken(key) : null };
        branch.Task = task;
        var evaluation = Evaluate(branch, state);
        var jsonata = state.Language == QueryLanguage.Jsonata;
        var input = jsonata ? branch.Input : evaluation.Select(state.InputPath, branch.Input);
        var parameters =
            !jsonata ? evaluation.Resolve(state.Parameters, input)
            : state.Parameters is { } arguments ? evaluation.Jsonata(arguments.Value, "Arguments", ("input", input))
            : input;
        var timeout = evaluation.Seconds(state.Timeout, input);
        var heartbeat = evaluation.Seconds(state.Heartbeat, input);
        var role =
            state.Credentials is null ? null
            : jsonata ? evaluation.Jsonata(state.Credentials.Value, "Credentials", ("input", input))
            : evaluation.Resolve(state.Credentials, input);
        if (state.Resource.Kind == TaskKind.Activity && !_host.ActivityExists(state.Resource.Arn))
        {
            throw evaluation.Runtime($"The activity {state.Resource.Arn} does not exist.");
        }

        var text = StateData.Text(parameters);
        if (StateData.ExceedsLimit(text))
        {
            throw new StateFailedException(DataLimit(state.Name) with { IsTerminal = true });
        }

        task = branch.Task = new PendingTask
        {
            Key = key,
            Token = task.Token,
            HeartbeatSeconds = heartbeat,
        };
        var roleArn = StateData.TryString(role?["RoleArn"], out var arn) ? arn : null;
        Record(branch, Scheduled(state, text, timeout, heartbeat, roleArn));
        if (timeout is { } seconds)
        {
            StartTimer(TimerPurpose.TaskTimeout, branch, TimeSpan.FromSeconds(seconds));
        }

        _host.Invoke(new(key, state.Resource, text, roleArn, task.Token));
    }

    private HistoryEvent Scheduled(TaskState state, string text, double? timeout, double? heartbeat, string? roleArn)
    {
        var common = new HistoryEvent
        {
            Type = "TaskScheduled",
            TimeoutInSeconds = (long?)timeout,
            HeartbeatInSeconds = (long?)heartbeat,
            RoleArn = roleArn,
            Resource = state.Resource.Name,
        };
        return state.Resource.Kind switch
        {
            TaskKind.Lambda => common with { Type = "LambdaFunctionScheduled", Input = text, HeartbeatInSeconds = null },
            TaskKind.Activity => common with { Type = "ActivityScheduled", Input = text },
            _ => common with { Parameters = text, ResourceType = state.Resource.Type, Region = _execution.Arn.Split(':')[3] },
        };
    }

    private void StartHeartbeat(Branch branch)
    {
        CancelTimers(branch, TimerPurpose.Heartbeat);
        if (branch.Task!.HeartbeatSeconds is { } seconds)
        {
            StartTimer(TimerPurpose.Heartbeat, branch, TimeSpan.FromSeconds(seconds));
        }
    }

    private void Succeeded(Branch branch, TaskState state, string output)
    {
        if (StateData.ExceedsLimit(output))
        {
            Failed(
                branch,
                state,
                DataLimit(state.Resource.Kind == TaskKind.Service ? state.Resource.Type : state.Resource.Arn),
                "TaskFailed"
            );
            return;
        }

        JsonNode? result;
        try
        {
            result = StateData.Parse(output);
        }
        catch (JsonException)
        {
            Failed(branch, state, new(ErrorNames.Runtime, "The output of the task is not JSON."), "TaskFailed");
            return;
        }

        Record(
            branch,
            (
                state.Resource.Kind switch
                {
                    TaskKind.Lambda => new() { Type = "LambdaFunctionSucceeded" },
                    TaskKind.Activity => new() { Type = "ActivitySucceeded" },
                    _ => Service(state, "TaskSucceeded"),
                }
            ) with
            {
                Output = output,
            }
        );
        Release(branch);
        Complete(branch, state, result);
    }

    private void Failed(Branch branch, TaskState state, Failure failure, string serviceEvent)
    {
        RecordFailure(branch, state, failure, serviceEvent, "Failed");
        throw new StateFailedException(failure);
    }

    private void TaskTimedOut(Branch branch, bool heartbeat) =>
        Attempt(
            branch,
            state =>
            {
                var failure = new Failure(ErrorNames.Timeout, "") { IsHeartbeat = heartbeat };
                RecordFailure(branch, (TaskState)state, failure, "TaskTimedOut", "TimedOut");
                throw new StateFailedException(failure);
            }
        );

    private void RecordFailure(Branch branch, TaskState state, Failure failure, string serviceEvent, string suffix) =>
        Record(
            branch,
            (
                state.Resource.Kind switch
                {
                    TaskKind.Lambda => new() { Type = "LambdaFunction" + suffix },
                    TaskKind.Activity => new() { Type = "Activity" + suffix },
                    _ => Service(state, serviceEvent),
                }
            ) with
            {
                Error = NullIfEmpty(failure.Error),
                Cause = NullIfEmpty(failure.Cause),
            }
        );

    /// <summary>The branch no longer waits for its task.</summary>
    private void Release(Branch branch)
    {
        CancelTimers(branch, TimerPurpose.TaskTimeout, TimerPurpose.Heartbeat);
        if (branch.Task is { } task)
        {
            branch.Task = null;
            _host.Release(task.Key);
        }
    }

    private static HistoryEvent Service(TaskState state, string type) =>
        new()
        {
            Type = type,
            Resource = state.Resource.Name,
            ResourceType = state.Resource.Type,
        };

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
