using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

/// <summary>What the task that pushes keeps: the revision's name.</summary>
public sealed record PushProgress : IKept<PushProgress>
{
    /// <summary>Which of <c>:rev</c> and <c>:uname</c> names the revision.</summary>
    public string? Key { get; init; }

    /// <summary>The revision's name.</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<PushProgress> IKept<PushProgress>.Json => IonDocuments.Default.PushProgress;
}

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

    /// <inheritdoc/>
    static JsonTypeInfo<DeployProgress> IKept<DeployProgress>.Json => IonDocuments.Default.DeployProgress;
}

/// <summary>What an ions step released.</summary>
public sealed record ReleasedIons : IKept<ReleasedIons>
{
    /// <summary>Which of <c>:rev</c> and <c>:uname</c> names the revision.</summary>
    public string? Key { get; init; }

    /// <summary>The revision's name.</summary>
    public string? Name { get; init; }

    /// <summary>The names of its Lambdas.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Lambdas { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ReleasedIons> IKept<ReleasedIons>.Json => IonDocuments.Default.ReleasedIons;
}
