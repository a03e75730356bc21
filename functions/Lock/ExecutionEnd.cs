using Deployer.Functions.Ledger;

namespace Deployer.Functions.Lock;

/// <summary>
/// An execution that was settled before its <c>Begin</c> had written the deployment's record: a <c>Begin</c> that is still on its way
/// reads it after that record and before the lock, so that one of the two sees the other.
/// </summary>
/// <param name="RedriveCount">The redrive count up to which the execution has ended.</param>
public sealed record ExecutionEnd(int RedriveCount)
{
    /// <summary>Where the end of a deployment's execution is.</summary>
    public static LedgerKey<ExecutionEnd> Key(DeploymentId deployment) =>
        new(DeploymentRecord.Partition(deployment), "ENDED", LockDocuments.Default.ExecutionEnd);
}
