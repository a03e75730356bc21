namespace Deployer.Functions.Ledger;

/// <summary>An execution that has not been settled yet, listed for the sweep.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Execution">The execution's ARN.</param>
public sealed record OpenDeployment(DeploymentId Deployment, ExecutionArn Execution)
{
    /// <summary>All open deployments.</summary>
    public static LedgerRange<OpenDeployment> All => new(Partition, string.Empty, Documents.Default.OpenDeployment);

    private const string Partition = "OPEN";

    /// <summary>Where an open deployment is listed.</summary>
    public static LedgerKey<OpenDeployment> Key(DeploymentId deployment) =>
        new(Partition, deployment.Value, Documents.Default.OpenDeployment);
}
