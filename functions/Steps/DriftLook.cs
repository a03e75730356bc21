using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>How far the detection of drift is for a step of a deployment or a plan.</summary>
public sealed record DriftLook
{
    /// <summary>The step.</summary>
    public required string Step { get; init; }

    /// <summary>The redrive count of the execution that looked: a redrive looks again at what may have been put back.</summary>
    public int RedriveCount { get; init; }

    /// <summary>The detections that were begun, by the id of their stack.</summary>
    public IReadOnlyDictionary<string, string> Detections { get; init; } = new Dictionary<string, string>();

    /// <summary>What was found; <see langword="null"/> as long as a detection runs.</summary>
    public IReadOnlyList<DriftedResource>? Found { get; init; }

    /// <summary>What was found, the step's name before each sentence.</summary>
    [JsonIgnore]
    public IEnumerable<string> NoticesWithStep =>
        (Found ?? []).SelectMany(resource => resource.Sentences).Select(sentence => $"{Step}: {sentence}");

    /// <summary>Where it lies.</summary>
    public static LedgerKey<DriftLook> Key(DeploymentId deployment, string step) =>
        new(DeploymentRecord.Partition(deployment), $"DRIFT#{step}", DriftLookDocuments.Default.DriftLook);

    /// <summary>Those of all steps of a deployment.</summary>
    public static LedgerRange<DriftLook> All(DeploymentId deployment) =>
        new(DeploymentRecord.Partition(deployment), "DRIFT#", DriftLookDocuments.Default.DriftLook);
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DriftLook))]
internal sealed partial class DriftLookDocuments : JsonSerializerContext;
