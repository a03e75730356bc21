namespace Deployer.Rehearsal.StepFunctions;

/// <summary>A stored state machine.</summary>
/// <param name="Arn">Its ARN.</param>
/// <param name="Name">Its name.</param>
/// <param name="Definition">Its definition in the States language.</param>
/// <param name="RoleArn">The role that its executions run under.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="RevisionId">The revision of definition and role; null until the first update.</param>
/// <param name="Tags">Its tags.</param>
public sealed record StateMachineRecord(
    string Arn,
    string Name,
    string Definition,
    string RoleArn,
    DateTimeOffset CreatedAt,
    string? RevisionId,
    Dictionary<string, string> Tags
)
{
    /// <summary>The log level, OFF unless logs are wanted.</summary>
    public string LogLevel { get; init; } = "OFF";

    /// <summary>Whether AWS X-Ray tracing is on.</summary>
    public bool IsTraced { get; init; }
}
