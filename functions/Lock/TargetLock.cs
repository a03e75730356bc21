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

    /// <summary>Gives a deployment the next number of a service's target, and the same again where it is the last.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="after">The last number that whoever asks knows of; <see langword="null"/> where that does not matter.</param>
    /// <exception cref="SupersededException">A deployment of a higher number has changed things, or may still do so.</exception>
    public async Task<long> NextNumber(string service, string target, DeploymentId deployment, long? after = null)
    {
        var record = await ledger.Change(
            LockRecord.Key(service, target),
            present =>
                (present ?? new LockRecord()) is var standing
                && after is { } known
                && !standing.WasGivenTo(deployment)
                && standing.IsWantedByNewer(known)
                    ? throw new SupersededException(
                        $"a deployment of {service} to {target} came after number {known}; what was to be deployed again is not wanted now"
                    )
                    : standing.WithNextNumber(deployment)
        );
        return record.LastNumber;
    }

    /// <summary>Takes the lock for a deployment that begins, or stands in line for it with the token that is to be answered.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <param name="token">The token.</param>
    /// <returns>Whether the lock is taken.</returns>
    /// <exception cref="ExecutionEndedException">The execution has ended, or was redriven since.</exception>
    /// <exception cref="SupersededException">A newer deployment waits, or has already changed things.</exception>
    public async Task<bool> TakeOrWait(DeploymentRecord deployment, int redriveCount, string token)
    {
        await settling.Reopen(deployment, redriveCount);
        for (var dead = 0; ; dead++)
        {
            LockHolder? replaced = null;
            var record = await ledger.Change(
                Key(deployment),
                present => (present ?? new LockRecord()).Take(deployment, redriveCount, token, out replaced)
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

            if (dead == DeadOwners || !await IsSettled(owner))
            {
                return false;
            }
        }
    }

    /// <summary>Ends a deployment's wait for the lock: its task fails.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="error">The error of its task.</param>
    /// <param name="cause">Its cause.</param>
    /// <returns>
    /// Whether it has left the line. One that has the lock keeps it; one whose task has just timed out stands in line again when the task
    /// is tried again.
    /// </returns>
    public async Task<bool> LeaveLine(DeploymentRecord deployment, string error, string cause)
    {
        LockHolder? left = null;
        await ledger.Change(Key(deployment), present => (present ?? new LockRecord()).LeaveLine(deployment.Deployment, out left));
        return left is { Token: { } token } && await executions.Fail(token, error, cause);
    }

    /// <summary>Whether a deployment owns the lock, as far as is known.</summary>
    public async Task<bool> IsOwnedBy(DeploymentRecord deployment) =>
        await ledger.Read(Key(deployment)) is { Owner: { } owner } && owner.Deployment == deployment.Deployment;

    /// <summary>Makes sure that the deployment may change its target, and notes that it is about to.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <exception cref="ExecutionEndedException">The execution has ended, or was redriven since.</exception>
    /// <exception cref="TargetBusyException">A deployment that is still running holds the lock.</exception>
    /// <exception cref="SupersededException">A newer deployment has already changed things.</exception>
    public async Task Ensure(DeploymentRecord deployment, int redriveCount)
    {
        await settling.Reopen(deployment, redriveCount);
        for (var dead = 0; ; dead++)
        {
            LockHolder? other = null;
            await ledger.Change(Key(deployment), present => (present ?? new LockRecord()).Ensure(deployment, redriveCount, out other));
            if (other is null)
            {
                return;
            }

            if (dead == DeadOwners || !await IsSettled(other))
            {
                throw new TargetBusyException(
                    $"deployment {other.Deployment} (number {other.Number}) of {deployment.Service} to {deployment.Target} is running; "
                        + $"wait until it has ended, then redrive this one (number {deployment.Number})"
                );
            }
        }
    }

    /// <summary>Whether the deployment owns the lock, as its execution is after so many redrives.</summary>
    public async Task<bool> IsOwnedBy(DeploymentRecord deployment, int redriveCount) =>
        await ledger.Read(Key(deployment)) is { } record && record.IsOwnedBy(deployment, redriveCount);

    /// <summary>Settles an owner that has ended. One of which nothing is known may just have been started; the sweep finds out.</summary>
    private async Task<bool> IsSettled(LockHolder owner)
    {
        var standing = await executions.Standing(owner.Execution);
        if (standing.Phase == ExecutionPhase.NotKnown)
        {
            await settling.Watch(owner);
        }

        if (!standing.HasEnded(owner.RedriveCount))
        {
            return false;
        }

        await settling.Settle(owner.Execution, standing);
        return true;
    }

    private static LedgerKey<LockRecord> Key(DeploymentRecord deployment) => LockRecord.Key(deployment.Service, deployment.Target);
}
