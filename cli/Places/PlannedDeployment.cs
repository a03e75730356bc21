using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;

namespace Deployer.Cli.Places;

/// <summary>A deployment that stops after its plan where a person has to approve it.</summary>
internal static class PlannedDeployment
{
    /// <summary>Asks for the plan of a deployment to a target that needs approvals.</summary>
    public static DeploymentRequest WithApproval(DeploymentRequest request) => request with { AsksForApproval = true };

    /// <summary>The request that deploys a plan which nobody has to approve.</summary>
    /// <returns><see langword="null"/> when somebody has to, or when the plan cannot be deployed.</returns>
    public static DeploymentRequest? WithoutApproval(DeploymentRequest request, ServicePlan plan) =>
        plan is { Problems: 0, NeedsApproval.Count: 0 } ? request with { Plan = new ExecutionArn(plan.Plan!).Deployment.Value } : null;

    /// <summary>The report of a plan that waits for approval, or that cannot be deployed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="report">The report of a run that deployed nothing.</param>
    /// <param name="notifications">The notifications about the plan.</param>
    public static DeploymentReport Waiting(ServicePlan plan, DeploymentReport report, IReadOnlyList<NotificationReport>? notifications) =>
        report with
        {
            Notifications = notifications,
            Verdict = plan.Problems > 0 ? Verdict.Failed : Verdict.WaitingForApproval,
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
            Verdict = Verdict.Rejected,
            Error = null,
            Cause = null,
            Plan = new PlanReport(plan, digest),
            Notices = before is null
                ? report.Notices
                : [$"nothing was recorded now: the plan was already {before.Sentence}", .. report.Notices],
        };
}
