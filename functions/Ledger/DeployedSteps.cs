using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>
/// The last successful deployment of each step of a service's target: what a look compares the target with, and what is deployed again.
/// </summary>
public sealed record DeployedSteps
{
    /// <summary>The last deployment that succeeded and that no look has begun: what it deployed again was there before.</summary>
    public required DeploymentId Last { get; init; }

    /// <summary>The number of the last deployment that succeeded, whoever has begun it.</summary>
    public required long Number { get; init; }

    /// <summary>The deployment that deployed a step last with success, by the step.</summary>
    public IReadOnlyDictionary<string, DeploymentId> Steps { get; init; } = new Dictionary<string, DeploymentId>();

    /// <summary>What its steps own or read, as events name it.</summary>
    public IReadOnlyList<string> Watched
    {
        get => field ?? []; // A record that was written without any has none.
        init;
    }

    /// <summary>Where the record of a target is.</summary>
    public static LedgerKey<DeployedSteps> Key(string service, string target) =>
        new($"TARGET#{service}#{target}", "DEPLOYED", DeployedStepsDocuments.Default.DeployedSteps);
}

/// <summary>How the record of a target's last deployments is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DeployedSteps))]
internal sealed partial class DeployedStepsDocuments : JsonSerializerContext;
