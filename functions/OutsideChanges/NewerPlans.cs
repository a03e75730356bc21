using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.OutsideChanges;

/// <summary>
/// The plans of something newer that wait to be approved and deployed: a look plans nothing in their place, which nobody has asked for.
/// </summary>
public sealed class NewerPlans(LedgerTable ledger, PlanApprovals approvals)
{
    /// <summary>The plan that waits; <see langword="null"/> when none does.</summary>
    /// <param name="looking">The target.</param>
    /// <param name="expireAfter">How long a plan waits, and its approval holds.</param>
    /// <param name="now">The moment.</param>
    public async Task<AwaitedPlan?> Waiting(PendingChange looking, TimeSpan expireAfter, DateTimeOffset now) =>
        await ledger.Read(NewestPlan.Key(looking.Service, looking.Target)) is { } newest && await End(newest, expireAfter, now) is null
            ? new AwaitedPlan(newest.Plan, expireAfter)
            : null;

    /// <summary>
    /// What has become of a plan to which a look gave way; <see langword="null"/> while it waits, or a newer one instead.
    /// </summary>
    /// <param name="due">The target.</param>
    /// <param name="awaited">The plan.</param>
    /// <param name="now">The moment.</param>
    public async Task<OutsideChange?> EndOf(PendingChange due, AwaitedPlan awaited, DateTimeOffset now)
    {
        var (what, at) = ("no longer there", now);
        if (await ledger.Read(NewestPlan.Key(due.Service, due.Target)) is { } newest)
        {
            if (await End(newest, awaited.ExpireAfter, now) is not { } ended)
            {
                return null;
            }

            // What takes the place of a plan may not have begun yet: it comes first.
            (what, at) = newest.Plan == awaited.Plan ? ended : ($"superseded by the newer plan {newest.Plan}", now);
        }

        return new OutsideChange(OutsideChange.OfPlan(awaited.Plan), what, null, at);
    }

    private async Task<(string What, DateTimeOffset At)?> End(NewestPlan newest, TimeSpan expireAfter, DateTimeOffset now)
    {
        if (await ledger.Read(PlanRecord.Key(newest.Plan)) is not { } plan)
        {
            return ("no longer there", now);
        }

        if (plan.NeedsApproval.Count == 0 || plan.Request.By == ChangeLooks.By)
        {
            return ("asks for nothing newer that has to be approved", now);
        }

        if (plan.DeployedBy is { Deployment: var deployment })
        {
            return ($"begun by the deployment {deployment}", now);
        }

        var decision = await ledger.Read(ApprovalRecord.Key(newest.Plan));
        if (decision is { Approved: false })
        {
            return (decision.Sentence, decision.At);
        }

        try
        {
            await approvals.RefuseSuperseded(plan);
        }
        catch (SupersededException)
        {
            // No plan is newer than this one.
            return ("superseded by a newer deployment that needed no approval", now);
        }

        var until = (decision?.At ?? newest.BegunAt) + expireAfter;
        return now > until ? ($"not deployed by {until:u}", until) : null;
    }
}
