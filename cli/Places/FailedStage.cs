using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Amazon.Runtime;
using Deployer.Functions.Ledger;
using Deployer.Functions.Pipeline;

namespace Deployer.Cli.Places;

/// <summary>The stage of a pipeline that shows the failure of a deployment which a redrive has brought to its end.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Execution">Its execution; <see langword="null"/> where the pipeline does not name it.</param>
/// <param name="Stage">The stage; <see langword="null"/> where it may not be looked up, or is not known any more.</param>
internal sealed record FailedStage(string Pipeline, string? Execution, string? Stage)
{
    /// <summary>Why it was not looked up, a sentence for people; <see langword="null"/> where it was, or is not known any more.</summary>
    public string? Denied { get; init; }

    /// <summary>The execution that has come to the stage since; <see langword="null"/> for none.</summary>
    public StageTaker? TakenBy { get; init; }

    /// <summary>
    /// https://docs.aws.amazon.com/cli/latest/reference/codepipeline/retry-stage-execution.html; <see langword="null"/> where the stage is
    /// not known.
    /// </summary>
    /// <param name="region">The pipeline's region; <see langword="null"/> where the client knows it.</param>
    public IReadOnlyList<string>? Retry(string? region) =>
        this is { Execution: { } execution, Stage: { } stage }
            ?
            [
                "aws",
                "codepipeline",
                "retry-stage-execution",
                "--pipeline-name",
                Pipeline,
                "--stage-name",
                stage,
                "--pipeline-execution-id",
                execution,
                "--retry-mode",
                StageRetryMode.FAILED_ACTIONS.Value,
                .. region is null ? Array.Empty<string>() : ["--region", region],
            ]
            : null;

    /// <summary>Looks for the stage.</summary>
    /// <param name="tools">The deployer's account, which is the pipeline's.</param>
    /// <param name="pipeline">The pipeline that has begun the deployment.</param>
    /// <param name="execution">Its execution; <see langword="null"/> where it is not known.</param>
    /// <param name="deployment">The deployment.</param>
    /// <returns><see langword="null"/> when the pipeline shows no failure.</returns>
    public static async Task<FailedStage?> Find(AccountClients tools, string pipeline, string? execution, ExecutionArn deployment)
    {
        var unknown = new FailedStage(pipeline, execution, Stage: null);
        if (execution is null)
        {
            return unknown;
        }

        try
        {
            return await Find(tools.CodePipeline, unknown, execution, deployment);
        }
        catch (AmazonServiceException gone) when (gone is PipelineNotFoundException or PipelineExecutionNotFoundException)
        {
            return unknown;
        }
        catch (AmazonServiceException denied) when (denied.ErrorCode is "AccessDenied" or "AccessDeniedException")
        {
            // The deployment is reported all the same: what it came to does not depend on its pipeline.
            return unknown with
            {
                Denied =
                    $"whether the pipeline {pipeline} still shows the failure is not known: codepipeline:ListActionExecutions of its "
                    + $"execution {execution} was denied",
            };
        }
    }

    private static async Task<FailedStage?> Find(
        IAmazonCodePipeline codePipeline,
        FailedStage unknown,
        string execution,
        ExecutionArn deployment
    )
    {
        var actions = await PipelineActions.List(codePipeline, unknown.Pipeline, execution);
        var deploying = actions.Find(action => action.Output?.ExecutionResult?.ExternalExecutionId == deployment.Value);
        if (deploying is null)
        {
            return unknown;
        }

        // A retry is another execution of the same action, and another deployment.
        var newest = actions
            .Where(action => action.StageName == deploying.StageName && action.ActionName == deploying.ActionName)
            .MaxBy(action => action.StartTime)!;
        return newest.Status == ActionExecutionStatus.Failed
            ? unknown with
            {
                Stage = deploying.StageName,
                TakenBy = await StageTaker.Find(codePipeline, unknown.Pipeline, newest, deployment),
            }
            : null;
    }
}
