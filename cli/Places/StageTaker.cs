using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;

namespace Deployer.Cli.Places;

/// <summary>
/// The execution of a pipeline that has come to a stage after another one had failed there: that one cannot be retried any more
/// (https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RetryStageExecution.html, NotLatestPipelineExecutionException).
/// </summary>
/// <param name="Execution">Its id.</param>
/// <param name="IsRollback">Whether it rolls the stage back, by itself or as somebody has asked.</param>
/// <param name="Plan">ARN of its plan that waits for a manual approval; <see langword="null"/> for none.</param>
internal sealed record StageTaker(string Execution, bool IsRollback, string? Plan)
{
    /// <summary>What the report of a deployment that has failed says of a rollback of its stage.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stage">The stage.</param>
    public string NoticeOfRollback(string pipeline, string stage) =>
        $"the pipeline {pipeline} has begun to roll its stage {stage} back, by its execution {Execution}"
        + (
            Plan is null
                ? string.Empty
                : $", whose plan {Plan} waits: 'deployer approve' of it goes back to what was deployed before; reject it where the failed "
                    + "deployment is redriven"
        );

    /// <summary>Looks for it.</summary>
    /// <param name="codePipeline">The client of the pipeline's account and region.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="failed">The newest execution of the action that has failed.</param>
    /// <param name="deployment">The deployment that it stands for.</param>
    /// <returns><see langword="null"/> while no other execution has come to the stage.</returns>
    public static async Task<StageTaker?> Find(
        IAmazonCodePipeline codePipeline,
        string pipeline,
        ActionExecutionDetail failed,
        ExecutionArn deployment
    )
    {
        // The newest come first, and those after the failure are what is looked for.
        var newest = await codePipeline.ListActionExecutionsAsync(new ListActionExecutionsRequest { PipelineName = pipeline });
        var taking = (newest.ActionExecutionDetails ?? [])
            .Where(action => action.StageName == failed.StageName && action.StartTime > failed.StartTime)
            .MaxBy(action => action.StartTime);
        if (taking is null || taking.PipelineExecutionId == failed.PipelineExecutionId)
        {
            return null;
        }

        var actions = await PipelineActions.List(codePipeline, pipeline, taking.PipelineExecutionId);
        var approval = actions.Find(action => PipelineApprovals.IsApproval(action) && action.Status == ActionExecutionStatus.InProgress);
        var plan = actions
            .Where(action => approval is not null && action.StartTime <= approval.StartTime)
            .Select(action => action.Output?.ExecutionResult?.ExternalExecutionId)
            .FirstOrDefault(external => external is not null && IsPlan(new ExecutionArn(external), deployment));
        // Any other execution begins with the source; a rollback has the artifacts of an earlier one:
        // https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
        return new StageTaker(taking.PipelineExecutionId, actions.TrueForAll(action => action.StageName == failed.StageName), plan);
    }

    /// <summary>Whether something is a plan of the deployer of a deployment.</summary>
    private static bool IsPlan(ExecutionArn external, ExecutionArn deployment) =>
        external.Machine != deployment.Machine
        && external.Machine.StartsWith(deployment.Machine[..(deployment.Machine.LastIndexOf('-') + 1)], StringComparison.Ordinal);
}
