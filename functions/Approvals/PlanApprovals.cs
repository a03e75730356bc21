using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Approvals;

/// <summary>Decides whether a deployment may be what a plan says, and by whose approval.</summary>
public sealed class PlanApprovals(LedgerTable ledger)
{
    /// <summary>
    /// How far the clock of whoever approves may be ahead: an approval of a later moment would hold longer than the target allows.
    /// </summary>
    private static readonly TimeSpan FastestClock = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The deployment with the plan that it was asked for with; as it is where it names none and its target needs none.
    /// </summary>
    /// <param name="deployment">The deployment's record, before it is written.</param>
    /// <param name="target">The target.</param>
    /// <param name="plan">The plan that the request names.</param>
    /// <param name="now">The moment that Step Functions gives.</param>
    /// <exception cref="ApprovalNeededException">There is no plan, or nobody has approved it, or no more.</exception>
    /// <exception cref="PlanChangedException">The plan is of something else.</exception>
    /// <exception cref="SupersededException">A newer plan waits in its place.</exception>
    public async Task<DeploymentRecord> Admit(DeploymentRecord deployment, TargetSpec target, string? plan, DateTimeOffset? now)
    {
        if (plan is null)
        {
            return target.Approval is null || deployment.Purpose is not (DeploymentPurpose.Deploy or DeploymentPurpose.RollBack)
                ? deployment
                : throw new ApprovalNeededException(
                    $"{deployment.Service} is deployed to {deployment.Target} by an approved plan only, and the request names none; "
                        + "'deployer deploy' makes a plan, which 'deployer approve' deploys; in a pipeline an action of the plan and a "
                        + "manual approval stand before the deploy action"
                );
        }

        var found = await Find(new DeploymentId(plan));
        RefuseIfAnother(found, deployment);
        // In a pipeline people are asked about every plan.
        var decided = await ApprovalRecord.Find(ledger, found);
        if (decided is { Approved: false })
        {
            throw new ApprovalNeededException($"plan {found.Plan} was {decided.Sentence}");
        }

        if (found.NeedsApproval.Count > 0)
        {
            decided = await Holding(decided, found, target, now);
        }
        else
        {
            // It may have waited for the approval of a pipeline meanwhile, or for the stage, however long.
            await RefuseSuperseded(found);
        }

        await ledger.Change(
            PlanRecord.Key(found.Plan),
            present => (present ?? found) with { DeployedBy = present?.DeployedBy ?? deployment.Execution },
            found.BegunAt + LedgerTable.Lifetime
        );
        return deployment with { Plan = found.Plan, PlanDigest = found.Digest, ApprovedBy = decided?.By, Approval = target.Approval };
    }

    /// <summary>A plan that is finished and can be deployed.</summary>
    /// <exception cref="ApprovalNeededException">There is none of this id.</exception>
    /// <exception cref="PlanChangedException">A step of it would fail.</exception>
    public async Task<PlanRecord> Find(DeploymentId plan)
    {
        var found = await ledger.Read(PlanRecord.Key(plan));
        return found switch
        {
            null or { Digest: null } => throw new ApprovalNeededException(
                $"there is no plan '{plan}'; expected one that 'deployer deploy', 'deployer plan' or an action of a pipeline has made "
                    + $"in the last {LedgerTable.Lifetime.Days} days"
            ),
            { Problems: > 0 } => throw new PlanChangedException(
                $"{found.Problems} steps of plan {plan} would fail, as the plan says; correct them and plan again"
            ),
            _ => found,
        };
    }

    /// <summary>Refuses a plan in whose place a newer one waits, or was deployed.</summary>
    /// <exception cref="SupersededException">There is one.</exception>
    public async Task RefuseSuperseded(PlanRecord plan)
    {
        var (service, target) = (plan.Request.Service, plan.Request.Parse().Subject.TargetName);
        if (
            await ledger.Read(NewestPlan.Key(service, target)) is { } newest
            && newest.Plan != plan.Plan
            && (plan.BegunAt is null || newest.BegunAt >= plan.BegunAt)
        )
        {
            throw new SupersededException(
                $"plan {plan.Plan} is superseded by the newer plan {newest.Plan} of {service} to {target}, {await Standing(newest.Plan)}"
            );
        }

        if (
            await ledger.Read(DeployedSteps.Key(service, target)) is { } deployed
            && await ledger.Read(DeploymentRecord.Key(deployed.Last)) is { Plan: null, AskedAt: { } asked } last
            && asked > plan.BegunAt
        )
        {
            throw new SupersededException(
                $"plan {plan.Plan} is superseded by the newer deployment {last.Deployment} of {service} to {target}, "
                    + "which needed no approval"
            );
        }
    }

    private async Task<string> Standing(DeploymentId newest) =>
        await ledger.Read(PlanRecord.Key(newest)) is not { } plan ? "which waits"
        : await ApprovalRecord.Find(ledger, plan) is { } decided ? $"which was {decided.Sentence}"
        : plan.NeedsApproval.Count == 0 ? "which needs no approval"
        : "which waits";

    /// <summary>Writes down what a person has decided, once.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="decision">What was decided about its digest.</param>
    /// <param name="inPipeline">Whether it was decided by the manual approval of a pipeline.</param>
    /// <exception cref="SupersededException">A newer plan waits in its place.</exception>
    /// <exception cref="ApprovalNeededException">Somebody has decided otherwise before.</exception>
    public async Task<ApprovalRecord> Decide(PlanRecord plan, ApprovalRecord decision, bool inPipeline = false)
    {
        if (decision.Approved)
        {
            await RefuseSuperseded(plan);
        }

        var key = inPipeline ? ApprovalRecord.KeyOfPipeline(plan.Plan) : ApprovalRecord.Key(plan.Plan);
        var kept =
            await ApprovalRecord.Find(ledger, plan)
            ?? await ledger.Change(key, present => present ?? decision, decision.At + LedgerTable.Lifetime);
        return kept.Approved == decision.Approved && kept.Digest == decision.Digest
            ? kept
            : throw new ApprovalNeededException($"plan {plan.Plan} was {kept.Sentence}; {await Next()}");

        async Task<string> Next() =>
            !kept.Approved || plan.DeployedBy is not { } execution ? "make another plan"
            : await ledger.Read(DeploymentRecord.Key(execution.Deployment)) is not { Closed: true } deployment
                ? $"{execution} deploys it, which on AWS 'deployer stop' stops while it runs"
            : deployment.Succeeded ? $"{execution} has deployed it"
            : $"{execution} has failed to deploy it, as 'deployer watch' says; make another plan";
    }

    /// <summary>The approval of a plan, where it holds.</summary>
    private async Task<ApprovalRecord> Holding(ApprovalRecord? approval, PlanRecord plan, TargetSpec target, DateTimeOffset? now)
    {
        if (approval is null)
        {
            await RefuseSuperseded(plan);
        }

        var expiry = target.Approval?.ExpireAfter ?? ApprovalSpec.UsualExpiry;
        return approval switch
        {
            null => throw new ApprovalNeededException($"nobody has approved plan {plan.Plan}; {string.Join("; ", plan.NeedsApproval)}"),
            _ when approval.Digest != plan.Digest => throw new PlanChangedException(
                $"the approval by {approval.By} is of the digest {approval.Digest}, and plan {plan.Plan} has {plan.Digest}"
            ),
            _ when now is { } moment && approval.At - moment > FastestClock => throw new ApprovalNeededException(
                $"the approval of plan {plan.Plan} by {approval.By} is of {approval.At:u}, which is yet to come; plan again"
            ),
            _ when now is { } moment && moment > approval.At + expiry => throw new ApprovalNeededException(
                $"the approval of plan {plan.Plan} by {approval.By} has expired at {approval.At + expiry:u}; plan again"
            ),
            _ => approval,
        };
    }

    /// <summary>What is deployed is what was planned: the same files of the same commit, to the same target, by the same steps.</summary>
    private static void RefuseIfAnother(PlanRecord plan, DeploymentRecord deployment)
    {
        var planned = plan.Request.Parse().Subject;
        var differing =
            planned.Service != deployment.Service || planned.TargetName != deployment.Target
                ? $"of {planned.Service} to {planned.TargetName}, not of {deployment.Service} to {deployment.Target}"
            : plan.Source != deployment.Digest ? "of other files than these"
            : plan.Revision != deployment.Revision ? $"of revision {plan.Revision ?? "(none)"}, not of {deployment.Revision ?? "(none)"}"
            : plan.RollbackTo != deployment.RollbackTo ? $"{Rollback(plan.RollbackTo)}, not {Rollback(deployment.RollbackTo)}"
            : deployment.AcceptsDrift && !plan.Request.AcceptDrift ? "of a deployment that does not accept what was changed by hand"
            : !plan.Only.SequenceEqual(deployment.Only) ? "of other steps"
            : null;
        if (differing is not null)
        {
            throw new PlanChangedException($"plan {plan.Plan} is {differing}; plan again");
        }
    }

    private static string Rollback(string? revision) => revision is null ? "of no rollback" : $"of a rollback to {revision}";
}
