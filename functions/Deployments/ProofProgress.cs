using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>What <c>Prove</c> answers: whether every step was compared.</summary>
public sealed record ProofAnswer(bool Proven);

/// <summary>What the proof of a step keeps while it is not proven.</summary>
public sealed record ProofProgress : IKept<ProofProgress>
{
    /// <summary>The things of the step that were found without a difference.</summary>
    public IReadOnlyList<string> Compared { get; init; } = [];

    /// <summary>
    /// How far the listing of them has come; <see langword="null"/> when it begins anew, as after a difference: it has to be found again.
    /// </summary>
    public ListedPages? Listing { get; init; }

    /// <summary>
    /// Since when every entry has found a difference, by AWS's clock; <see langword="null"/> when the last one found none.
    /// </summary>
    public DateTime? DiffersSince { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ProofProgress> IKept<ProofProgress>.Json => ProofDocuments.Default.ProofProgress;
}

/// <summary>How what proofs keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ProofProgress))]
internal sealed partial class ProofDocuments : JsonSerializerContext;
