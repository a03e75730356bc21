using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

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
