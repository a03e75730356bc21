using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>One run of a pipeline, by the declaration that held when it began.</summary>
internal sealed record PipelineRun(
    string Account,
    string Region,
    PipelineDeclaration Declaration,
    string Id,
    int Number,
    DateTimeOffset Started
)
{
    internal const string InProgress = "InProgress";
    internal const string Succeeded = "Succeeded";
    internal const string Failed = "Failed";
    internal const string Superseded = "Superseded";
    internal const string Stopping = "Stopping";
    internal const string Stopped = "Stopped";
    internal const string Abandoned = "Abandoned";

    public string Status { get; init; } = InProgress;

    public DateTimeOffset Updated { get; init; } = Started;

    /// <summary>The token of the request that started it: the same one starts nothing more.</summary>
    public string? RequestToken { get; init; }

    /// <summary>The stage that it is in, or waits to enter.</summary>
    public int Stage { get; init; }

    /// <summary>Whether another run holds the stage.</summary>
    public bool Waits { get; init; }

    /// <summary>Why it was stopped.</summary>
    public string? StopReason { get; init; }

    /// <summary>The run whose revisions a rollback takes; it runs one stage alone.</summary>
    public string? RollbackOf { get; init; }

    /// <summary>The stages that were retried by themselves: each is once.</summary>
    public IReadOnlyList<string> Retried { get; init; } = [];

    /// <summary>The stages that somebody has retried, each as often as that was.</summary>
    public IReadOnlyList<string> RetriedByHand { get; init; } = [];

    /// <summary>What started it; <see langword="null"/> where that is not known.</summary>
    public RunTrigger? Trigger { get; init; }

    /// <summary>Whether it holds its stage.</summary>
    internal bool IsActive => Status is InProgress or Stopping;

    public IReadOnlyDictionary<string, StoredArtifact> Artifacts { get; init; } = new Dictionary<string, StoredArtifact>();

    /// <summary>Output variables by the action's namespace.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Variables { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    public IReadOnlyList<SourceRevision> Revisions { get; init; } = [];

    internal string Key => RegionalKey.Create(Account, Region, Declaration.Name, Id);

    internal string PipelineArn => $"arn:aws:codepipeline:{Region}:{Account}:{Declaration.Name}";

    internal StageDeclaration StageDeclaration => Declaration.Stages[Stage];
}

/// <summary>What started a run of a pipeline.</summary>
internal sealed record RunTrigger(string Type, string Detail);
