using System.Text.Json;
using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Deployments;

/// <summary>What <c>Begin</c> receives: the request, and the token of its wait for the lock.</summary>
/// <param name="Request">
/// The execution's input as it is: anybody can start one with any, and what is wrong with it is said by its members.
/// </param>
/// <param name="Execution">The execution.</param>
/// <param name="RedriveCount">How often it was redriven.</param>
/// <param name="RetryCount">How often the state was retried.</param>
/// <param name="Token">The token of its wait.</param>
/// <param name="Now">When the state was entered; <see langword="null"/> for executions of an earlier definition.</param>
public sealed record BeginInput(
    JsonElement Request,
    ExecutionArn Execution,
    int RedriveCount,
    int RetryCount,
    string Token,
    DateTimeOffset? Now = null
);

/// <summary>What tasks of the deployment as a whole receive.</summary>
public sealed record DeploymentInput(DeploymentId Deployment, ExecutionArn Execution, int RedriveCount, int RetryCount);

/// <summary>The end of a deployment, as the execution's output and the pipeline's variables have it.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Service">The service.</param>
/// <param name="Target">The target.</param>
/// <param name="Revision">The commit, where there is one; written as null else, since executions of an earlier definition that are
/// redriven select it.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Notices">What steps noted for people.</param>
public sealed record DeploymentEnd(
    DeploymentId Deployment,
    string Service,
    string Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Revision,
    DeploymentOutcome Outcome,
    IReadOnlyList<string> Notices
)
{
    /// <summary>Reads the output of an execution that succeeded; <see langword="null"/> when it has none.</summary>
    public static DeploymentEnd? Read(string? output) =>
        output is null ? null : JsonSerializer.Deserialize(output, DeploymentDocuments.Default.DeploymentEnd);
}

/// <summary>How the output of an execution is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DeploymentEnd))]
internal sealed partial class DeploymentDocuments : JsonSerializerContext;
