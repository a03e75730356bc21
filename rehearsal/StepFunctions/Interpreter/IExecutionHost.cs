using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>
/// The world around the interpreter. It answers later, by calling the interpreter of the stored execution again: never from inside one of
/// these methods.
/// </summary>
public interface IExecutionHost
{
    /// <summary>The virtual time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>A seeded draw, at least 0 and below 1.</summary>
    double NextRandom();

    /// <summary>The same for the pause before a retry, from a stream of its own: when an execution calls depends on nothing else.</summary>
    double NextJitter();

    /// <summary>A new task token that leads back to this execution and task.</summary>
    string NewTaskToken(string taskKey);

    /// <summary>Whether the activity exists.</summary>
    bool ActivityExists(string arn);

    /// <summary>Adds an event to the history.</summary>
    void Record(HistoryEvent historyEvent);

    /// <summary>Starts a durable timer that ends in <see cref="ExecutionInterpreter.TimerFired"/>.</summary>
    void Schedule(string timerKey, TimeSpan delay);

    /// <summary>Cancels a timer.</summary>
    void Cancel(string timerKey);

    /// <summary>Calls a resource. The answers are <see cref="ExecutionInterpreter.TaskStarted"/>, then
    /// <see cref="ExecutionInterpreter.CallSucceeded"/> or <see cref="ExecutionInterpreter.CallFailed"/>, and where the resource has a
    /// token or a job <see cref="ExecutionInterpreter.TaskSucceeded"/> or <see cref="ExecutionInterpreter.TaskFailed"/>.</summary>
    void Invoke(TaskInvocation task);

    /// <summary>A task is no longer awaited: it was answered, timed out, or its execution or branch ended. Its key and token are
    /// void.</summary>
    void Release(string taskKey);

    /// <summary>The execution started, ended or was redriven.</summary>
    void StatusChanged(ExecutionState execution);
}

/// <summary>A call to make.</summary>
/// <param name="Key">The key by which to answer.</param>
/// <param name="Resource">What to call.</param>
/// <param name="Parameters">The JSON text to send.</param>
/// <param name="RoleArn">The role to call under, where the task names one; otherwise the execution's.</param>
/// <param name="Token">The task token, where the resource has one.</param>
public sealed record TaskInvocation(string Key, TaskResource Resource, string Parameters, string? RoleArn, string? Token);
