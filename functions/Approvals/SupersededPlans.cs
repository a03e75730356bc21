using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Functions.Approvals;

/// <summary>Reports that a plan waits no more, where somebody may still have been about to decide about it.</summary>
public sealed class SupersededPlans(Settings settings, LedgerTable ledger, Notifier notifier)
{
    /// <summary>Reports that a newer plan takes the place of one that may have waited.</summary>
    /// <param name="older">The one that may have waited.</param>
    /// <param name="newer">The newer plan.</param>
    /// <param name="digest">Its digest, where it waits for an approval; <see langword="null"/> where it is deployed at once.</param>
    public Task SendForPlan(DeploymentId older, DeploymentRecord newer, string? digest) =>
        Send(
            older,
            newer,
            digest is not null
                ? $"the newer plan {newer.Deployment} waits for approval in its place"
                : $"the newer plan {newer.Deployment} takes its place; it needs no approval and is deployed at once",
            digest is not null
                ? NextCommands.Approve(newer.Execution, digest, before: "The newer plan is the one to decide about. ")
                // A target whose plans wait has no development instances.
                : NextCommands.History("See what became of the newer one", newer.Service, newer.Target, instance: null, settings)
        );

    /// <summary>
    /// Writes down, where every deployment to the target sees it at its end, that a plan waits: one by a file without a rule takes its
    /// place.
    /// </summary>
    public Task Wait(DeploymentRecord plan) =>
        ledger.Change(
            LockRecord.Key(plan.Service, plan.Target),
            present => (present ?? new LockRecord()) with { WaitingPlan = plan.Deployment }
        );

    /// <summary>
    /// Reports that a deployment which needed no plan and has succeeded takes the place of a plan that may have waited, as
    /// <see cref="PlanApprovals.RefuseSuperseded"/> judges it, and forgets a plan that waits no more.
    /// </summary>
    /// <param name="older">The plan.</param>
    /// <param name="newer">The deployment, the last of its target.</param>
    public async Task SendForDeployment(DeploymentId older, DeploymentRecord newer)
    {
        if (
            newer is not { Plan: null, AskedAt: { } asked, Purpose: DeploymentPurpose.Deploy or DeploymentPurpose.RollBack }
            // One that was begun later is the newer wish, and still waits.
            || (await ledger.Read(PlanRecord.Key(older)))?.BegunAt >= asked
        )
        {
            return;
        }

        await Send(
            older,
            newer,
            $"the newer deployment {newer.Deployment} takes its place; it needed no approval",
            new NextAction("See what the newer deployment did:", $"deployer watch {newer.Execution}")
        );
        await ledger.Change(
            LockRecord.Key(newer.Service, newer.Target),
            present =>
                (present ?? new LockRecord()) is var standing && standing.WaitingPlan == older
                    ? standing with
                    {
                        WaitingPlan = null,
                    }
                    : standing
        );
    }

    private async Task Send(DeploymentId older, DeploymentRecord newer, string cause, NextAction next)
    {
        if (
            Notifier.Wants(NotificationKind.Superseded, newer.Notifications)
            // One that needed no approval was deployed at once, or had nothing to do: nobody has waited for it.
            && await ledger.Read(PlanRecord.Key(older)) is { NeedsApproval.Count: > 0, DeployedBy: null } waited
            && await ApprovalRecord.Find(ledger, waited) is null
            && await ledger.Read(DeploymentRecord.Key(older)) is { } superseded
        )
        {
            await notifier.Send(
                superseded.NotificationOf(NotificationKind.Superseded, NotificationVerdict.Superseded) with
                {
                    Cause = cause,
                    Plan = new NotifiedPlan(older.Value, waited.Digest),
                    Next = next,
                },
                newer.Notifications
            );
        }
    }
}
