using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>A stored execution; its history is beside it, event by event.</summary>
/// <param name="State">What the interpreter knows.</param>
/// <param name="Definition">The digest of the definition that it started with, under which the text is stored once.</param>
public sealed record ExecutionRecord(ExecutionState State, string Definition)
{
    /// <summary>The moments of the redrives that were asked for with a client token.</summary>
    public Dictionary<string, DateTimeOffset> Redrives { get; init; } = [];

    /// <summary>The world's ids of the running timers, by the interpreter's keys.</summary>
    public Dictionary<string, string> Timers { get; init; } = [];

    /// <summary>Its number among the executions of its machine, from 1; null where an earlier version of the program stored it.</summary>
    public int? Number { get; init; }

    /// <summary>The task of another execution that waits for this one's end; null when none does.</summary>
    public string? Parent { get; init; }
}

/// <summary>The text of a definition that an execution started with.</summary>
/// <param name="Text">The definition in the States language.</param>
public sealed record StartedDefinition(string Text);

/// <summary>A task that was called and is not over.</summary>
/// <param name="Execution">The execution's ARN.</param>
/// <param name="Key">The interpreter's key of the task.</param>
/// <param name="Resource">The resource's ARN.</param>
/// <param name="Parameters">The JSON text to send.</param>
/// <param name="RoleArn">The role to call under, where it is not the execution's.</param>
/// <param name="Token">The task token, where there is one.</param>
public sealed record CalledTask(string Execution, string Key, string Resource, string Parameters, string? RoleArn, string? Token)
{
    /// <summary>The name under which it is stored.</summary>
    public string Id => $"{Execution}/{Key}";

    /// <summary>Whether an injected fault loses what the service answers, after it has done what it was asked for.</summary>
    public bool AnswerIsLost { get; init; }
}

/// <summary>A task token that was given out.</summary>
/// <param name="Task">The stored name of the task that it answers.</param>
/// <param name="Resource">What a caller needs permission for: the machine or the activity.</param>
/// <param name="IsOpen">Whether the task still waits.</param>
public sealed record TaskToken(string Task, string Resource, bool IsOpen);

/// <summary>A stored activity.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was created.</param>
public sealed record ActivityRecord(string Arn, string Name, DateTimeOffset CreatedAt)
{
    /// <summary>The stored names of the tasks that no worker has taken, the oldest first.</summary>
    public List<string> Waiting { get; init; } = [];
}
