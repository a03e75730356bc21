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
