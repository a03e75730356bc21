namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>
/// One event of an execution's history, its details flat. Source of types and fields:
/// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html.
/// </summary>
public sealed record HistoryEvent
{
    /// <summary>The event's number, from 1.</summary>
    public long Id { get; init; }

    /// <summary>The event that led to it; 0 when none did.</summary>
    public long PreviousEventId { get; init; }

    /// <summary>The type, as TaskStateEntered.</summary>
    public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    public DateTimeOffset Timestamp { get; init; }

    /// <summary>The name of the state (state and Map iteration events).</summary>
    public string? Name { get; init; }

    /// <summary>The input's JSON text.</summary>
    public string? Input { get; init; }

    /// <summary>The output's JSON text.</summary>
    public string? Output { get; init; }

    /// <summary>The JSON texts of the variables assigned on leaving the state.</summary>
    public IReadOnlyDictionary<string, string>? AssignedVariables { get; init; }

    /// <summary>The role of the execution (ExecutionStarted) or of the task (scheduled events, <c>taskCredentials</c>).</summary>
    public string? RoleArn { get; init; }

    /// <summary>The called action, function or activity.</summary>
    public string? Resource { get; init; }

    /// <summary>The called service, as <c>sqs</c>.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The region of the call.</summary>
    public string? Region { get; init; }

    /// <summary>The JSON text of what is sent.</summary>
    public string? Parameters { get; init; }

    /// <summary>The task's timeout in seconds.</summary>
    public long? TimeoutInSeconds { get; init; }

    /// <summary>The task's longest time between heartbeats in seconds.</summary>
    public long? HeartbeatInSeconds { get; init; }

    /// <summary>The error's name.</summary>
    public string? Error { get; init; }

    /// <summary>The cause.</summary>
    public string? Cause { get; init; }

    /// <summary>The number of a Map's items.</summary>
    public int? Length { get; init; }

    /// <summary>The place of a Map's iteration.</summary>
    public int? Index { get; init; }

    /// <summary>The name of the worker that took an activity's task.</summary>
    public string? WorkerName { get; init; }

    /// <summary>The field whose expression failed, as <c>Output/name</c>.</summary>
    public string? Location { get; init; }

    /// <summary>The state whose expression failed.</summary>
    public string? State { get; init; }

    /// <summary>The ARN of a Map Run.</summary>
    public string? MapRunArn { get; init; }

    /// <summary>The number of the redrive (ExecutionRedriven).</summary>
    public int? RedriveCount { get; init; }
}
