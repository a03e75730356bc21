using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>How far the comparison of a step had come when the time of one function was over.</summary>
/// <param name="Compared">The things that were found without a difference.</param>
/// <param name="Notices">What has to be known about them.</param>
/// <param name="Listing">How far their listing had come; <see langword="null"/> when it had not begun.</param>
public sealed record StoppedComparison(IReadOnlyList<string> Compared, IReadOnlyList<string> Notices, ListedPages? Listing = null)
{
    /// <summary>Where that of a step lies.</summary>
    /// <param name="run">The step, and the task that compares it.</param>
    public static LedgerKey<StoppedComparison> Key(StepRun run) =>
        new($"COMPARISON#{run.Deployment.Deployment}", $"{run.Name}#{run.Task}", StoppedComparisonDocuments.Default.StoppedComparison);
}

/// <summary>How a comparison that stopped is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(StoppedComparison))]
internal sealed partial class StoppedComparisonDocuments : JsonSerializerContext;
