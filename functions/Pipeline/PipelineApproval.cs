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
        if (plan.NeedsApproval.Count == 0 || await ledger.Read(ApprovalRecord.Key(plan.Plan)) is not null)
        {
            return;
        }

        if (parameters is not { Pipeline: { } pipeline, Execution: { } execution })
        {
            throw new ApprovalNeededException(
                $"nobody has approved plan {id}, and the user parameters name no pipeline whose approval could be looked for; "
                    + """expected "pipeline" and "execution": "#{codepipeline.PipelineExecutionId}" in them"""
            );
        }

        var actions = await Actions(pipeline, execution);
        var made =
            actions.FirstOrDefault(action =>
                action.Status == ActionExecutionStatus.Succeeded
                && action.Output?.ExecutionResult?.ExternalExecutionId == plan.Execution.Value
            ) ?? throw new ApprovalNeededException($"no action of the execution {execution} of the pipeline {pipeline} has made plan {id}");
        var approval =
            actions
                .Where(action => IsApproval(action) && action.LastUpdateTime >= made.LastUpdateTime)
                .OrderByDescending(action => action.LastUpdateTime)
                .FirstOrDefault()
            ?? throw new ApprovalNeededException(
                $"no manual approval of the execution {execution} of the pipeline {pipeline} has succeeded after plan {id} was made; "
                    + string.Join("; ", plan.NeedsApproval)
            );
        await approvals.Decide(
            plan,
            new ApprovalRecord(
                plan.Plan,
                plan.Digest!,
                Approved: true,
                approval.UpdatedBy ?? $"the action {approval.ActionName} of the pipeline {pipeline}",
                new DateTimeOffset(approval.LastUpdateTime!.Value.ToUniversalTime()),
                approval.Output?.ExecutionResult?.ExternalExecutionSummary
            )
        );
    }

    private static bool IsApproval(ActionExecutionDetail action) =>
        action.Status == ActionExecutionStatus.Succeeded
        && action.Input?.ActionTypeId is { Provider: "Manual" } type
        && type.Category == ActionCategory.Approval;

    private async Task<List<ActionExecutionDetail>> Actions(string pipeline, string execution)
    {
        var actions = new List<ActionExecutionDetail>();
        await foreach (
            var page in Pages.Read(
                next =>
                    aws.CodePipeline.ListActionExecutionsAsync(
                        new ListActionExecutionsRequest
                        {
                            PipelineName = pipeline,
                            Filter = new ActionExecutionFilter { PipelineExecutionId = execution },
                            NextToken = next,
                        }
                    ),
                answer => answer.NextToken
            )
        )
        {
            actions.AddRange(page.ActionExecutionDetails ?? []);
        }

        return actions;
    }
}
