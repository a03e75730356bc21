using Amazon.CodePipeline.Model;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>A pipeline as it is stored.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Region">Its region.</param>
/// <param name="Declaration">Its stages and actions.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Updated">When it was last changed.</param>
public sealed record PipelineRecord(
    string Account,
    string Region,
    PipelineDeclaration Declaration,
    DateTimeOffset Created,
    DateTimeOffset Updated
)
{
    /// <summary>Its ARN.</summary>
    public string Arn => $"arn:aws:codepipeline:{Region}:{Account}:{Declaration.Name}";
}

/// <summary>Where an artifact lies, and of which revision of the source it is.</summary>
internal sealed record StoredArtifact(string Bucket, string Key, string? Revision);

/// <summary>One run of an action.</summary>
internal sealed record ActionRun(string RunKey, int Number, string Id, string Stage, string Action, DateTimeOffset Started)
{
    public string Status { get; init; } = PipelineRun.InProgress;

    public DateTimeOffset Updated { get; init; } = Started;

    /// <summary>Whether a retry of the stage has taken its place.</summary>
    public bool Replaced { get; init; }

    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, StoredArtifact> Outputs { get; init; } = new Dictionary<string, StoredArtifact>();

    public IReadOnlyDictionary<string, string>? OutputVariables { get; init; }

    public string? Summary { get; init; }

    /// <summary>The ARN of who has answered a manual approval.</summary>
    public string? UpdatedBy { get; init; }

    public string? ExternalExecutionId { get; init; }

    public int? PercentComplete { get; init; }

    public string? ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>The job that its function has to answer, or had to answer last.</summary>
    public string? JobId { get; init; }

    /// <summary>How often a final result was put for it, taken or not: one is right.</summary>
    public int FinalResults { get; init; }

    /// <summary>The due moment at which the action fails for good.</summary>
    public string? LimitTimer { get; init; }

    internal string Key => $"{RunKey}/{Number:D6}";
}

/// <summary>One call of an action's function, to be answered once.</summary>
internal sealed record Job(string Id, string ActionKey, string? ContinuationToken)
{
    /// <summary>Whether it still waits for its answer.</summary>
    public bool Open { get; init; } = true;

    /// <summary>The continuation token of its answer: the one that the next job is given.</summary>
    public string? NextToken { get; init; }

    /// <summary>The due moment at which it counts as not answered.</summary>
    public string? Timer { get; init; }
}

/// <summary>How the newest run of an action that calls a function stands.</summary>
/// <param name="Status"><c>InProgress</c>, <c>Succeeded</c> or <c>Failed</c>.</param>
/// <param name="JobId">Its last job.</param>
/// <param name="Summary">What the function said last: progress, or why it failed.</param>
/// <param name="Variables">What it put out.</param>
/// <param name="FinalResults">How often a final result was put: one is right.</param>
/// <param name="ExternalExecutionId">What the function said that it stands for.</param>
public sealed record InvokeOutcome(
    string Status,
    string? JobId,
    string? Summary,
    IReadOnlyDictionary<string, string>? Variables,
    int FinalResults,
    string? ExternalExecutionId
)
{
    /// <summary>Whether the pipeline waits for a manual approval after it.</summary>
    public bool WaitsForApproval { get; init; }

    /// <summary>Whether a person has said no to the manual approval after it, which ended the pipeline.</summary>
    public bool WasRejected { get; init; }
}

/// <summary>A manual approval that waits.</summary>
/// <param name="Action">The action.</param>
/// <param name="Execution">The pipeline's execution.</param>
/// <param name="Message">What the person is shown.</param>
/// <param name="External">What the actions of the execution stand for, the newest first.</param>
public sealed record WaitingApproval(string Action, string Execution, string? Message, IReadOnlyList<string> External)
{
    /// <summary>Whether another execution of the pipeline waits behind it.</summary>
    public bool HoldsOthers { get; init; }
}
