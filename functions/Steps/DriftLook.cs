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

    /// <summary>
    /// What tells the values apart that may be hidden, for each sentence of what was found; <see langword="null"/> in records of versions
    /// that did not write it.
    /// </summary>
    public IReadOnlyList<string>? Marks { get; init; }

    /// <summary>What was found, the step's name before each sentence.</summary>
    [JsonIgnore]
    public IEnumerable<string> NoticesWithStep => Notices.Select(notice => notice.Sentence);

    /// <summary>What was found, with what tells apart the values.</summary>
    [JsonIgnore]
    public IReadOnlyList<DriftNotice> Notices
    {
        get
        {
            var notices = new List<DriftNotice>();
            foreach (var resource in Found ?? [])
            {
                foreach (var sentence in resource.Sentences)
                {
                    var mark = notices.Count < Marks?.Count ? Marks[notices.Count] : null;
                    notices.Add(new DriftNotice($"{Step}: {sentence}", mark, resource.HasDrifted));
                }
            }

            return notices;
        }
    }

    /// <summary>Where it lies.</summary>
    public static LedgerKey<DriftLook> Key(DeploymentId deployment, string step) =>
        new(DeploymentRecord.Partition(deployment), $"DRIFT#{step}", DriftLookDocuments.Default.DriftLook);

    /// <summary>Those of all steps of a deployment.</summary>
    public static LedgerRange<DriftLook> All(DeploymentId deployment) =>
        new(DeploymentRecord.Partition(deployment), "DRIFT#", DriftLookDocuments.Default.DriftLook);
}

/// <summary>One thing that was changed by hand.</summary>
/// <param name="Sentence">What it is, with its step.</param>
/// <param name="Mark">What tells its value apart from others that are hidden; <see langword="null"/> where that is not known.</param>
/// <param name="HasDrifted">Whether it differs; one that could not be read may or may not.</param>
public sealed record DriftNotice(string Sentence, string? Mark, bool HasDrifted);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DriftLook))]
internal sealed partial class DriftLookDocuments : JsonSerializerContext;
