using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec.Pipelines;

namespace Deployer.Functions.Pipeline;

/// <summary>
/// Finds the manual approval of a plan in the execution of the pipeline that made it. The plan binds the two: CodePipeline itself has
/// recorded that an action of this execution made it.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html</remarks>
public sealed class PipelineApproval(IAws aws, PlanApprovals approvals, LedgerTable ledger)
{
    private const string MakeAnotherPlan = $"make another plan: {NextReasons.AnotherPlan}";

    /// <summary>Writes down who has approved the plan that a deploy action names; nothing for one that needs no approval.</summary>
    /// <exception cref="ApprovalNeededException">Nobody has, after the plan.</exception>
    /// <exception cref="SupersededException">A newer plan waits in its place.</exception>
    public async Task Find(UserParameters parameters)
    {
        if (parameters.OnlyPlans || parameters.Plan is not { } id)
        {
            return;
        }

        var plan = await approvals.Find(new DeploymentId(id));
        var before = await ApprovalRecord.Find(ledger, plan);
        if (before is { Approved: false })
        {
            throw new ApprovalNeededException($"plan {id} was {before.Sentence}; {MakeAnotherPlan}");
        }

        if (parameters is not { Pipeline: { } pipeline, Execution: { } execution })
        {
            if (plan.NeedsApproval.Count == 0 || before is not null)
            {
                return;
            }

            throw new ApprovalNeededException(
                $"nobody has approved plan {id}, and the user parameters name no pipeline whose approval could be looked for; "
                    + """expected "pipeline" and "execution": "#{codepipeline.PipelineExecutionId}" in them"""
            );
        }

        if (before is not null)
        {
            return;
        }

        var actions = await PipelineActions.List(aws.CodePipeline, pipeline, execution);
        var made = actions.FirstOrDefault(action =>
            action.Status == ActionExecutionStatus.Succeeded && action.Output?.ExecutionResult?.ExternalExecutionId == plan.Execution.Value
        );
        var answers = actions
            .Where(action => IsApproval(action) && action.LastUpdateTime >= made?.LastUpdateTime)
            .OrderByDescending(action => action.LastUpdateTime)
            .ToList();
        // A stage can be retried, and its approval asked for again: what is decided once stays.
        if (answers.Find(IsRejection) is { } rejection)
        {
            await approvals.Decide(plan, Decision(plan, rejection, approved: false, pipeline), inPipeline: true);
            throw new ApprovalNeededException(
                $"plan {id} was rejected by {rejection.UpdatedBy} in the execution {execution} of the pipeline {pipeline}; "
                    + MakeAnotherPlan
            );
        }

        var approval = answers.Find(action => action.Status == ActionExecutionStatus.Succeeded);
        if (plan.NeedsApproval.Count == 0 && approval is null)
        {
            return;
        }

        if (made is null)
        {
            throw new ApprovalNeededException($"no action of the execution {execution} of the pipeline {pipeline} has made plan {id}");
        }

        if (approval is null)
        {
            throw new ApprovalNeededException(
                $"no manual approval of the execution {execution} of the pipeline {pipeline} has succeeded after plan {id} was made; "
                    + string.Join("; ", plan.NeedsApproval)
            );
        }

        await approvals.Decide(plan, Decision(plan, approval, approved: true, pipeline), inPipeline: true);
    }

    private static ApprovalRecord Decision(PlanRecord plan, ActionExecutionDetail answer, bool approved, string pipeline) =>
        new(
            plan.Plan,
            plan.Digest!,
            approved,
            answer.UpdatedBy ?? $"the action {answer.ActionName} of the pipeline {pipeline}",
            new DateTimeOffset(answer.LastUpdateTime!.Value.ToUniversalTime()),
            answer.Output?.ExecutionResult?.ExternalExecutionSummary
        );

    private static bool IsApproval(ActionExecutionDetail action) =>
        action.Input?.ActionTypeId is { Provider: "Manual" } type && type.Category == ActionCategory.Approval;

    /// <summary>
    /// Whether a person has said no. An approval that nobody answers within seven days fails, too
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-approve-or-reject.html). That it names nobody is not
    /// documented: if it does, its plan counts as rejected, and a retry of all actions of the stage makes another one.
    /// </summary>
    private static bool IsRejection(ActionExecutionDetail action) =>
        action.Status == ActionExecutionStatus.Failed && action.UpdatedBy is not null;
}
