using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>How far the work of a task is.</summary>
public enum TaskState
{
    /// <summary>The record exists, nothing has been begun in AWS.</summary>
    Begun,

    /// <summary>Work runs in AWS and is waited for.</summary>
    Running,

    /// <summary>Done.</summary>
    Succeeded,

    /// <summary>Failed; a redrive begins a new attempt.</summary>
    Failed,
}

/// <summary>One task of a step of one deployment: what was begun, under which token, and what came of it.</summary>
public sealed record TaskRecord
{
    private readonly TaskName _name;

    /// <summary>The deployment.</summary>
    public required DeploymentId Deployment { get; init; }

    /// <summary>The step's name.</summary>
    public required string Step
    {
        get => _name.Step;
        init => _name = TaskName.Parse(value, _name.Task);
    }

    /// <summary>The task's name: a step may have several tasks, each with a record of its own.</summary>
    public string Task
    {
        get => _name.Task;
        init => _name = value is null ? _name : _name with { Task = value }; // A record of version 0.1.0 names none.
    }

    /// <summary>The step's kind: its key in <c>deployer.yaml</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How often the work was begun, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>The client request token of this attempt; records of version 0.1.0 have none.</summary>
    public string? RequestToken { get; init; }

    /// <summary>The execution's redrive count when this attempt began.</summary>
    public int RedriveCount { get; init; }

    /// <summary>How far it is.</summary>
    public TaskState State { get; init; }

    /// <summary>What the work did; <see langword="null"/> while that is not known yet.</summary>
    public StepAction? Action { get; init; }

    /// <summary>Which part of the work comes next, for kinds whose work has several.</summary>
    public string? Phase { get; init; }

    /// <summary>Identity of what runs: a stack's id, a build's id, an execution's ARN.</summary>
    public string? Resource { get; init; }

    /// <summary>The error, when it failed.</summary>
    public string? Error { get; init; }

    /// <summary>The cause, when it failed.</summary>
    public string? Cause { get; init; }

    /// <summary>What tasks of this kind keep, as it is written; read and set with its type.</summary>
    public JsonElement? Facts { get; init; }

    /// <summary>What somebody has to know about the work, a sentence each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>The notices as people read them, the step's name before each.</summary>
    [JsonIgnore]
    public IEnumerable<string> NoticesWithStep => Notices.Select(notice => $"{Step}: {notice}");

    /// <summary>Resources under which a token waits, so that settling can close them.</summary>
    public IReadOnlyList<string> Waits { get; init; } = [];

    /// <summary>
    /// When the wait for <see cref="Resource"/> began, by AWS's clock; <see langword="null"/> before the first entry that waits.
    /// </summary>
    public DateTime? WaitsSince { get; init; }

    /// <summary>
    /// When an event said that <see cref="Resource"/> has ended and a look did not find it so, by AWS's clock; <see langword="null"/> where
    /// none did.
    /// </summary>
    public DateTime? EndSaidAt { get; init; }

    /// <summary>What the task keeps; empty when it keeps nothing yet.</summary>
    public T Kept<T>()
        where T : class, IKept<T>, new() => Facts?.Deserialize(T.Json) ?? new T();

    /// <summary>The record with what the task keeps changed.</summary>
    public TaskRecord Keep<T>(Func<T, T> change)
        where T : class, IKept<T>, new() => this with { Facts = JsonSerializer.SerializeToElement(change(Kept<T>()), T.Json) };

    /// <summary>Where the record of a task is.</summary>
    public static LedgerKey<TaskRecord> Key(DeploymentId deployment, string step, string task) =>
        new(DeploymentRecord.Partition(deployment), $"STEP#{step}/{task}", TaskRecordDocuments.Default.TaskRecord);

    /// <summary>The records of all tasks of a deployment.</summary>
    public static LedgerRange<TaskRecord> All(DeploymentId deployment) =>
        new(DeploymentRecord.Partition(deployment), "STEP#", TaskRecordDocuments.Default.TaskRecord);
}

/// <summary>A step and one of its tasks. Records that version 0.1.0 wrote have both in one text, <c>STEP/TASK</c>.</summary>
internal readonly record struct TaskName(string Step, string Task)
{
    /// <summary>Reads the step's name, and the task's with it where both are in one text; no name has a slash.</summary>
    /// <param name="step">What is written as the step.</param>
    /// <param name="task">What is written as the task, as far as it has been read.</param>
    public static TaskName Parse(string step, string? task) =>
        step.Split('/') is [var name, var taskInStep] ? new(name, taskInStep) : new(step, task ?? string.Empty);
}

/// <summary>How the record of a task is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(TaskRecord))]
internal sealed partial class TaskRecordDocuments : JsonSerializerContext;
