using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>The steps that have something to do, wave by wave.</summary>
public sealed record DeploymentWaves(IReadOnlyList<Wave> Waves)
{
    /// <summary>The name under which steps are looked at while they are ordered; nothing is recorded under it.</summary>
    public const string Task = "order";

    /// <summary>The key under which the waves of a deployment are in the bucket.</summary>
    public static string Key(DeploymentId deployment) => $"waves/{deployment}.json";
}

/// <summary>Steps that may run side by side.</summary>
public sealed record Wave(IReadOnlyList<WaveStep> Steps);

/// <summary>A step that has something to do, or may have.</summary>
/// <param name="Name">The step's name.</param>
/// <param name="Kind">The branch of the machine <c>deploy</c> that it takes.</param>
public sealed record WaveStep(string Name, string Kind);

/// <summary>How waves are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeploymentWaves))]
internal sealed partial class WaveDocuments : JsonSerializerContext;
