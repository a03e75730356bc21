using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Spec;

namespace Deployer.Cli.Places;

/// <summary>A deployment that stops after its plan where a person has to approve it.</summary>
internal static class PlannedDeployment
{
    /// <summary>Deploys; to a target that needs approvals by a plan, which is deployed at once only if nobody has to approve it.</summary>
    /// <param name="approval">By which rule the target asks a person; <see langword="null"/> for none.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="plan">Makes a plan.</param>
    /// <param name="deploy">Deploys.</param>
    /// <param name="report">The report of a run that deployed nothing.</param>
    /// <param name="notifications">Reads what people were told of a plan.</param>
    public static async Task<DeploymentReport> Deploy(
        ApprovalSpec? approval,
        DeploymentRequest request,
        Func<DeploymentRequest, Task<ServicePlan>> plan,
        Func<DeploymentRequest, Task<DeploymentReport>> deploy,
        Func<Task<DeploymentReport>> report,
        Func<DeploymentId, Task<IReadOnlyList<NotificationReport>?>> notifications
    )
    {
        if (approval is null)
        {
            return await deploy(request);
        }

        var found = await plan(request with { AsksForApproval = true });
        if (found is { Problems: 0, NeedsApproval.Count: 0 })
        {
            return await deploy(request with { Plan = new ExecutionArn(found.Plan!).Deployment.Value });
        }

        return Waiting(found, await report(), await notifications(new ExecutionArn(found.Plan!).Deployment));
    }

    /// <summary>The report of a plan that waits for approval, or that cannot be deployed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="report">The report of a run that deployed nothing.</param>
    /// <param name="notifications">What people were told of the plan.</param>
    public static DeploymentReport Waiting(ServicePlan plan, DeploymentReport report, IReadOnlyList<NotificationReport>? notifications) =>
        report with
        {
            Notifications = notifications,
            Verdict = plan.Problems > 0 ? Verdicts.Failed : Verdicts.WaitingForApproval,
            Error = plan.Problems > 0 ? "PlanFailed" : null,
            Cause = plan.Problems > 0 ? string.Join('\n', plan.WhyItFails().Prepend("the plan cannot be deployed")) : null,
            Revision = plan.Revision,
            Plan = new PlanReport(plan.Plan!, plan.Digest, plan.NeedsApproval, Document: plan),
        };

    /// <summary>The report of a plan that somebody has rejected.</summary>
    /// <param name="plan">The plan's ARN.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="report">The report of a run that deployed nothing.</param>
    /// <param name="before">The rejection, where it was made before this run.</param>
    public static DeploymentReport Rejected(string plan, string? digest, DeploymentReport report, ApprovalRecord? before = null) =>
        report with
        {
            Verdict = Verdicts.Rejected,
            Error = null,
            Cause = null,
            Plan = new PlanReport(plan, digest),
            Notices = before is null
                ? report.Notices
                : [$"nothing was recorded now: the plan was already {before.Sentence}", .. report.Notices],
        };
}
