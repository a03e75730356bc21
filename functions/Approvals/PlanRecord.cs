using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Approvals;

/// <summary>A plan as a thing of its own: what would be deployed, what it looked at, and whether a person has to approve it.</summary>
public sealed record PlanRecord
{
    /// <summary>Its id: the name of the execution of the machine <c>plan</c>.</summary>
    public required DeploymentId Plan { get; init; }

    /// <summary>The execution that made it.</summary>
    public required ExecutionArn Execution { get; init; }

    /// <summary>The request, its source where the deployer keeps it: a deployment of the plan is asked for with the same.</summary>
    public required DeploymentRequest Request { get; init; }

    /// <summary>Digest of the content of the source.</summary>
    public required string Source { get; init; }

    /// <summary>The commit, where there is one.</summary>
    public string? Revision { get; init; }

    /// <summary>The earlier revision that would be deployed again.</summary>
    public string? RollbackTo { get; init; }

    /// <summary>The steps that it is about; none for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>SHA-256 of its document, in hexadecimal digits; <see langword="null"/> until it is finished.</summary>
    public string? Digest { get; init; }

    /// <summary>When it was begun, as Step Functions says.</summary>
    public DateTimeOffset? BegunAt { get; init; }

    /// <summary>Why a person has to approve it, a sentence each; empty for a plan that needs no approval.</summary>
    public IReadOnlyList<string> NeedsApproval { get; init; } = [];

    /// <summary>How many of its steps would fail.</summary>
    public int Problems { get; init; }

    /// <summary>The execution that deploys it, the first one; <see langword="null"/> until there is one.</summary>
    public ExecutionArn? DeployedBy { get; init; }

    /// <summary>What it looked at, by step.</summary>
    public IReadOnlyList<LookedAtStep> LookedAt { get; init; } = [];

    /// <summary>Where the record of a plan is.</summary>
    public static LedgerKey<PlanRecord> Key(DeploymentId plan) =>
        new(DeploymentRecord.Partition(plan), "PLANNED", ApprovalDocuments.Default.PlanRecord);
}

/// <summary>What a plan looked at for a step.</summary>
public sealed record LookedAtStep(string Step, IReadOnlyList<LiveFact> Facts);

/// <summary>The newest plan of a service's target that a deployment waits for; older ones that still wait are superseded.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="BegunAt">When it was begun: what is begun later is newer, whichever is finished first.</param>
public sealed record NewestPlan(DeploymentId Plan, DateTimeOffset BegunAt)
{
    /// <summary>Where the newest plan of a service's target is named.</summary>
    public static LedgerKey<NewestPlan> Key(string service, string target) =>
        new($"TARGET#{service}#{target}", "NEWEST-PLAN", ApprovalDocuments.Default.NewestPlan);
}

/// <summary>How plans and approvals are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(PlanRecord))]
[JsonSerializable(typeof(NewestPlan))]
[JsonSerializable(typeof(ApprovalRecord))]
internal sealed partial class ApprovalDocuments : JsonSerializerContext;
