using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Runtime;
using Deployer.Cli.Output;
using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;

namespace Deployer.Cli.Places;

/// <summary>
/// The manual approvals of pipelines. Of a plan that a pipeline has made its manual approval decides, and nothing beside it: what is
/// approved is deployed by the pipeline, and what is rejected ends its execution.
/// </summary>
/// <param name="tools">The account of the deployer, which is the pipeline's.</param>
internal sealed class PipelineApprovals(AccountClients tools)
{
    private const string Abandoned = "was abandoned, since the execution was stopped";

    /// <summary>Whether a plan was made by a pipeline, which asks about it.</summary>
    public static bool AskAbout(PlanRecord plan) => plan.Request is { Pipeline: not null, PipelineExecution: not null };

    /// <summary>The manual approval that waits for a decision about a plan.</summary>
    /// <param name="plan">The plan, made by a pipeline.</param>
    /// <exception cref="InvalidInputException">None waits, or it cannot be looked for.</exception>
    public Task<WaitingAction> Find(PlanRecord plan) =>
        Allowed(
            plan,
            async () =>
            {
                var (pipeline, execution) = (plan.Request.Pipeline!, plan.Request.PipelineExecution!);
                var actions = await PipelineActions.List(tools.CodePipeline, pipeline, execution);
                var asked = About(plan, actions);
                if (asked is not { ActionName: { } action, StageName: { } stage } || asked.Status != ActionExecutionStatus.InProgress)
                {
                    throw new InvalidInputException(
                        "ApprovalNotWaiting",
                        $"plan {plan.Plan} was made by the execution {execution} of the pipeline {pipeline}, which alone decides about it, "
                            + (
                                asked is null
                                    ? "and no manual approval of it waits after the plan"
                                    : $"and its manual approval {asked.ActionName} of the stage {asked.StageName} {Answer(asked)}"
                            )
                            + (
                                asked is not null && IsAbandoned(asked)
                                    ? "; start the pipeline again"
                                    : "; expected a plan whose manual approval waits"
                            )
                    );
                }

                return new WaitingAction(pipeline, stage, action, await Token(pipeline, asked)) { Since = asked.StartTime };
            }
        );

    /// <summary>Answers a manual approval.</summary>
    /// <param name="plan">The plan that it is about.</param>
    /// <param name="waiting">The approval.</param>
    /// <param name="approved">Whether the plan is deployed.</param>
    /// <param name="reason">Why, in the person's words.</param>
    /// <exception cref="InvalidInputException">Somebody has answered it before, or it may not be answered.</exception>
    public Task Answer(PlanRecord plan, WaitingAction waiting, bool approved, string? reason) =>
        Allowed(
            plan,
            async () =>
            {
                try
                {
                    return await tools.CodePipeline.PutApprovalResultAsync(
                        new PutApprovalResultRequest
                        {
                            PipelineName = waiting.Pipeline,
                            StageName = waiting.Stage,
                            ActionName = waiting.Action,
                            Token = waiting.Token,
                            Result = new ApprovalResult
                            {
                                Status = approved ? ApprovalStatus.Approved : ApprovalStatus.Rejected,
                                Summary = reason ?? (approved ? "approved" : "rejected"),
                            },
                        }
                    );
                }
                catch (Exception exception) when (exception is ApprovalAlreadyCompletedException or InvalidApprovalTokenException)
                {
                    throw new InvalidInputException(
                        "ApprovalNotWaiting",
                        $"somebody has answered {waiting} meanwhile, or it has expired; look at the pipeline before you decide again",
                        exception
                    );
                }
            }
        );

    /// <summary>
    /// Why the pipeline deploys nothing after an approval that was given; <see langword="null"/> while no action of it has failed.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="approved">The approval.</param>
    public async Task<string?> Failure(PlanRecord plan, WaitingAction approved)
    {
        var actions = await PipelineActions.List(tools.CodePipeline, approved.Pipeline, plan.Request.PipelineExecution!);
        return actions.Find(action => action.StartTime > approved.Since && HasEndedBadly(action)) is { } failed
            ? $"the action {failed.ActionName} of the stage {failed.StageName} of the pipeline {approved.Pipeline} "
                + (IsAbandoned(failed) ? Abandoned : "has failed: " + Error(failed))
            : null;
    }

    private static string Error(ActionExecutionDetail failed) =>
        failed.Output?.ExecutionResult?.ErrorDetails?.Message ?? "it does not say why";

    /// <summary>
    /// Whether the execution was stopped before the action had ended;
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html#concepts-how-it-works-stopping.
    /// </summary>
    private static bool IsAbandoned(ActionExecutionDetail action) => action.Status == ActionExecutionStatus.Abandoned;

    private static bool HasEndedBadly(ActionExecutionDetail action) =>
        action.Status == ActionExecutionStatus.Failed || action.Status == ActionExecutionStatus.Abandoned;

    /// <summary>
    /// The newest manual approval after the action that made the plan; none where another plan was made in a later stage, which that one is
    /// about.
    /// </summary>
    private static ActionExecutionDetail? About(PlanRecord plan, IReadOnlyList<ActionExecutionDetail> actions)
    {
        var made = actions.FirstOrDefault(action => Stands(action) == plan.Execution.Value);
        return actions
            .Where(action => made is not null && action.StartTime >= made.LastUpdateTime && IsApproval(action))
            .Where(approval =>
                approval.StageName == made!.StageName
                || !actions.Any(other => other.StageName == approval.StageName && IsPlan(Stands(other), plan.Execution))
            )
            .MaxBy(approval => approval.StartTime);
    }

    /// <summary>Whether an action is a manual approval.</summary>
    public static bool IsApproval(ActionExecutionDetail action) =>
        action.Input?.ActionTypeId is { Provider: "Manual" } type && type.Category == ActionCategory.Approval;

    /// <summary>Whether something is a plan of the same deployer.</summary>
    private static bool IsPlan(string? external, ExecutionArn plan) =>
        external?.StartsWith(plan.Value[..^plan.Deployment.Value.Length], StringComparison.Ordinal) == true;

    /// <summary>What an action stands for, as its function has said.</summary>
    private static string? Stands(ActionExecutionDetail action) => action.Output?.ExecutionResult?.ExternalExecutionId;

    private static string Answer(ActionExecutionDetail action) =>
        action.Status == ActionExecutionStatus.Succeeded ? $"was approved by {action.UpdatedBy ?? "nobody who is named"}"
        : IsAbandoned(action) ? Abandoned
        : HasEndedBadly(action)
            ? action.UpdatedBy is { } by
                    ? $"was rejected by {by}{(action.LastUpdateTime is { } at ? $" at {at.ToUniversalTime():u}" : string.Empty)}"
                : "has failed"
        : "waits no more";

    /// <summary>
    /// The token of an approval that waits. "For a pipeline where the execution mode is set to PARALLEL, the token … is not available.
    /// Instead, use the externalExecutionId in the response output from the ListActionExecutions action":
    /// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html
    /// </summary>
    private async Task<string> Token(string pipeline, ActionExecutionDetail asked)
    {
        var state = await tools.CodePipeline.GetPipelineStateAsync(new GetPipelineStateRequest { Name = pipeline });
        return state
                .StageStates.Where(stage => stage.StageName == asked.StageName)
                .SelectMany(stage => stage.ActionStates ?? [])
                .FirstOrDefault(action => action.LatestExecution?.ActionExecutionId == asked.ActionExecutionId)
                ?.LatestExecution.Token
            ?? Stands(asked)
            ?? throw new InvalidInputException(
                "ApprovalNotWaiting",
                $"the manual approval {asked.ActionName} of the stage {asked.StageName} of the pipeline {pipeline} has begun, and cannot "
                    + "be answered yet; expected it to be in progress: try again in a moment"
            );
    }

    /// <summary>Asks CodePipeline; the refusal says what it takes.</summary>
    private static async Task<T> Allowed<T>(PlanRecord plan, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (AmazonServiceException denied) when (denied.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            throw new InvalidInputException(
                "AccessDenied",
                $"plan {plan.Plan} waits in the pipeline {plan.Request.Pipeline}, and {AwsRequests.Describe(denied) ?? "CodePipeline"} was "
                    + "denied; expected credentials that may call codepipeline:ListActionExecutions, codepipeline:GetPipelineState and "
                    + "codepipeline:PutApprovalResult of it",
                denied
            );
        }
        catch (PipelineNotFoundException gone)
        {
            throw new InvalidInputException(
                "ApprovalNotWaiting",
                $"plan {plan.Plan} waited in the pipeline {plan.Request.Pipeline}, which there is no more; expected another plan",
                gone
            );
        }
    }
}

/// <summary>A manual approval of a pipeline that waits.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Action">The action.</param>
/// <param name="Token">By which it is answered.</param>
internal sealed record WaitingAction(string Pipeline, string Stage, string Action, string Token)
{
    /// <summary>When it was asked for.</summary>
    public DateTime? Since { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"the manual approval {Action} of the stage {Stage} of the pipeline {Pipeline}";
}
