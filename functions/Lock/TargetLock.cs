using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Lock;

/// <summary>
/// The lock of one service and target, and its growing number. Every task that changes something first makes sure of
/// it in one conditional write; a dead owner is settled on the way.
/// </summary>
public sealed class TargetLock(LedgerTable ledger, Executions executions, Settling settling)
{
    private const int DeadOwners = 5;

    /// <summary>Gives the next number of a service's target.</summary>
    public async Task<long> NextNumber(string service, string target)
    {
        var record = await ledger.Change(LockRecord.Key(service, target), present => (present ?? new LockRecord()).WithNextNumber());
        return record.LastNumber;
    }

    /// <summary>Takes the lock for a deployment that begins, or stands in line for it with the token that is to be answered.</summary>
    /// <returns>Whether the lock is taken.</returns>
    /// <exception cref="SupersededException">A newer deployment waits, or has already changed things.</exception>
    public async Task<bool> TakeOrWait(DeploymentRecord deployment, string token)
    {
        for (var dead = 0; ; dead++)
        {
            LockHolder? replaced = null;
            var record = await ledger.Change(
                Key(deployment),
                present => (present ?? new LockRecord()).Take(deployment, token, out replaced)
            );
            if (replaced is { Token: { } old })
            {
                await executions.Fail(
                    old,
                    nameof(SupersededException),
                    $"the newer deployment {deployment.Deployment} of {deployment.Service} to {deployment.Target} "
                        + "took its place in the line"
                );
            }

            var owner = record.Owner!;
            if (owner.Deployment == deployment.Deployment)
            {
                return true;
            }

            if (dead == DeadOwners || (await executions.Standing(owner.Execution)).Running)
            {
                return false;
            }

            await settling.Settle(owner.Execution);
        }
    }

    /// <summary>Makes sure that the deployment may change its target, and notes that it is about to.</summary>
    /// <exception cref="TargetBusyException">A deployment that is still running holds the lock.</exception>
    /// <exception cref="SupersededException">A newer deployment has already changed things.</exception>
    public async Task Ensure(DeploymentRecord deployment)
    {
        for (var dead = 0; ; dead++)
        {
            LockHolder? other = null;
            await ledger.Change(Key(deployment), present => (present ?? new LockRecord()).Ensure(deployment, out other));
            if (other is null)
            {
                await settling.Reopen(deployment);
                return;
            }

            if (dead == DeadOwners || (await executions.Standing(other.Execution)).Running)
            {
                throw new TargetBusyException(
                    $"deployment {other.Deployment} (number {other.Number}) of {deployment.Service} to {deployment.Target} is running; "
                        + $"wait until it has ended, then redrive this one (number {deployment.Number})"
                );
            }

            await settling.Settle(other.Execution);
        }
    }

    private static LedgerKey<LockRecord> Key(DeploymentRecord deployment) => LockRecord.Key(deployment.Service, deployment.Target);
}
