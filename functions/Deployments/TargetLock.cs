using Deployer.Functions.Errors;

namespace Deployer.Functions.Deployments;

/// <summary>
/// The lock of one service and target, and its growing number. Every task that changes something first makes sure of
/// it in one conditional write; a dead owner is settled on the way.
/// </summary>
public sealed class TargetLock(Ledger ledger, Executions executions, Settling settling)
{
    private const int DeadOwners = 5;

    /// <summary>Gives the next number of a service's target.</summary>
    public async Task<long> NextNumber(string service, string target)
    {
        var record = await ledger.Change(
            Ledger.LockKey(service, target),
            Documents.Default.LockRecord,
            present => (present ?? new LockRecord()) with { LastNumber = (present?.LastNumber ?? 0) + 1 }
        );
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
                Documents.Default.LockRecord,
                present =>
                {
                    var state = present ?? new LockRecord();
                    replaced = null;
                    Refuse(state.Changed > deployment.Number || state.Waiter?.Number > deployment.Number, deployment);
                    if (state.Owner is null || state.Owner.Deployment == deployment.Deployment)
                    {
                        return state with
                        {
                            Owner = Holder(deployment),
                            Waiter = state.Waiter?.Deployment == deployment.Deployment ? null : state.Waiter,
                        };
                    }

                    replaced = state.Waiter is { } waiter && waiter.Deployment != deployment.Deployment ? waiter : null;
                    return state with { Waiter = Holder(deployment) with { Token = token } };
                }
            );
            if (replaced is { Token: { } old })
            {
                await executions.Fail(
                    old,
                    nameof(SupersededException),
                    $"the newer deployment {deployment.Deployment} of {deployment.Service} to {deployment.Target} took its place in the line"
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
            await ledger.Change(
                Key(deployment),
                Documents.Default.LockRecord,
                present =>
                {
                    var state = present ?? new LockRecord();
                    other = state.Owner is { } owner && owner.Deployment != deployment.Deployment ? owner : null;
                    if (other is not null)
                    {
                        return state;
                    }

                    Refuse(state.Changed > deployment.Number, deployment);
                    var owned = state.Owner is not null && state.Changed == deployment.Number;
                    return owned ? state : state with { Owner = Holder(deployment), Changed = deployment.Number };
                }
            );
            if (other is null)
            {
                await settling.Reopen(deployment);
                return;
            }

            if (dead == DeadOwners || (await executions.Standing(other.Execution)).Running)
            {
                throw new TargetBusyException(
                    $"deployment {other.Deployment} (number {other.Number}) of {deployment.Service} to {deployment.Target} is running; wait until it has ended, then redrive this one (number {deployment.Number})"
                );
            }

            await settling.Settle(other.Execution);
        }
    }

    private static LedgerKey Key(DeploymentRecord deployment) => Ledger.LockKey(deployment.Service, deployment.Target);

    private static LockHolder Holder(DeploymentRecord deployment) => new(deployment.Deployment, deployment.Execution, deployment.Number);

    private static void Refuse(bool superseded, DeploymentRecord deployment)
    {
        if (superseded)
        {
            throw new SupersededException(
                $"a newer deployment of {deployment.Service} to {deployment.Target} came after number {deployment.Number}; this one changes nothing any more"
            );
        }
    }
}
