using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>An execution that has not been settled yet, listed for the sweep.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Execution">The execution's ARN.</param>
/// <param name="RedriveCount">
/// The execution's redrive count: what an earlier run of it left does not take a later one from the list.
/// </param>
/// <param name="UnknownSince">The first sweep in a row that found Step Functions to know nothing of the execution.</param>
public sealed record OpenDeployment(
    DeploymentId Deployment,
    ExecutionArn Execution,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int RedriveCount = 0,
    DateTimeOffset? UnknownSince = null
)
{
    /// <summary>Why the last try to settle it failed, for people; <see langword="null"/> when none has.</summary>
    public string? Problem { get; init; }

    /// <summary>All open deployments.</summary>
    public static LedgerRange<OpenDeployment> All => new(Partition, string.Empty, OpenDeploymentDocuments.Default.OpenDeployment);

    private const string Partition = "OPEN";

    /// <summary>Where an open deployment is listed.</summary>
    public static LedgerKey<OpenDeployment> Key(DeploymentId deployment) =>
        new(Partition, deployment.Value, OpenDeploymentDocuments.Default.OpenDeployment);
}

/// <summary>How an open deployment is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(OpenDeployment))]
internal sealed partial class OpenDeploymentDocuments : JsonSerializerContext;
