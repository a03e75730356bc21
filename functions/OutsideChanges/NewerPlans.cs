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
    public async Task<NewestPlan?> Waiting(PendingChange looking, TimeSpan expireAfter, DateTimeOffset now) =>
        await ledger.Read(NewestPlan.Key(looking.Service, looking.Target)) is { } newest && await End(newest, expireAfter, now) is null
            ? newest
            : null;

    /// <summary>
    /// What has become of a plan to which a look gave way, and of one that took its place; none while it waits, or a newer one instead.
    /// </summary>
    /// <param name="due">The target.</param>
    /// <param name="awaited">The plan.</param>
    /// <param name="now">The moment.</param>
    public async Task<IReadOnlyList<OutsideChange>> EndOf(PendingChange due, AwaitedPlan awaited, DateTimeOffset now)
    {
        if (await ledger.Read(NewestPlan.Key(due.Service, due.Target)) is not { } newest)
        {
            return [Change(awaited.Plan, "no longer there", now)];
        }

        if (await End(newest, awaited.ExpireAfter, now) is not { } ended)
        {
            return [];
        }

        if (newest.Plan == awaited.Plan)
        {
            return [Change(awaited.Plan, ended.What, ended.At)];
        }

        var superseded = $"superseded by the newer plan {newest.Plan}";
        return ended.IsByItself
            // What takes the place of a plan may not have begun yet: it comes first.
            ? [Change(awaited.Plan, superseded, now)]
            : [Change(awaited.Plan, superseded, newest.BegunAt), Change(newest.Plan, ended.What, ended.At)];
    }

    private static OutsideChange Change(DeploymentId plan, string what, DateTimeOffset at) =>
        new(OutsideChange.OfPlan(plan), what, Operation: null, at);

    /// <summary>Why a plan waits no more.</summary>
    /// <param name="What">What has become of it.</param>
    /// <param name="At">When.</param>
    /// <param name="IsByItself">Whether it never waited, as one that needs no approval: it is deployed at once.</param>
    private sealed record PlanEnd(string What, DateTimeOffset At, bool IsByItself = false);

    private async Task<PlanEnd?> End(NewestPlan newest, TimeSpan expireAfter, DateTimeOffset now)
    {
        if (await ledger.Read(PlanRecord.Key(newest.Plan)) is not { } plan)
        {
            return new PlanEnd("no longer there", now);
        }

        if (plan.NeedsApproval.Count == 0 || plan.Request.By == ChangeLooks.By)
        {
            return new PlanEnd("asks for nothing newer that has to be approved", now, IsByItself: true);
        }

        if (plan.DeployedBy is { Deployment: var deployment })
        {
            return new PlanEnd($"begun by the deployment {deployment}", now);
        }

        var decision = await ApprovalRecord.Find(ledger, plan);
        if (decision is { Approved: false })
        {
            return new PlanEnd(decision.Sentence, decision.At);
        }

        try
        {
            await approvals.RefuseSuperseded(plan);
        }
        catch (SupersededException)
        {
            // No plan is newer than this one.
            return new PlanEnd("superseded by a newer deployment that needed no approval", now);
        }

        var until = (decision?.At ?? newest.BegunAt) + expireAfter;
        return now > until ? new PlanEnd($"not deployed by {until:u}", until) : null;
    }
}
