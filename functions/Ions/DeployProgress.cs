using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

/// <summary>What the task that deploys keeps.</summary>
public sealed record DeployProgress : IKept<DeployProgress>
{
    /// <summary>The compute group.</summary>
    public string? Group { get; init; }

    /// <summary>How many instances it had.</summary>
    public int? Nodes { get; init; }

    /// <summary>How often this deployment has redriven the execution that it waits for.</summary>
    public int? Redrives { get; init; }

    /// <summary>
    /// Since when every look has found a failure, by AWS's clock; it counts when a later one finds one too. <see langword="null"/> when the
    /// last look found none.
    /// </summary>
    public DateTime? FailedSince { get; init; }

    /// <summary>
    /// Since when instances that are on their way are waited for, by AWS's clock; <see langword="null"/> when none are.
    /// </summary>
    public DateTime? ComingSince { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<DeployProgress> IKept<DeployProgress>.Json => IonDocuments.Default.DeployProgress;
}
