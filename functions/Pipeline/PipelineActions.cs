using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Pipeline;

/// <summary>What the actions of a pipeline's execution have done.</summary>
public static class PipelineActions
{
    /// <summary>The executions of the actions, all pages of them, the newest first.</summary>
    /// <param name="codePipeline">The client of the pipeline's account and region.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="execution">The id of its execution.</param>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html</remarks>
    public static async Task<List<ActionExecutionDetail>> List(IAmazonCodePipeline codePipeline, string pipeline, string execution)
    {
        return await Pages.All(
            next =>
                codePipeline.ListActionExecutionsAsync(
                    new ListActionExecutionsRequest
                    {
                        PipelineName = pipeline,
                        Filter = new ActionExecutionFilter { PipelineExecutionId = execution },
                        NextToken = next,
                    }
                ),
            answer => answer.ActionExecutionDetails,
            answer => answer.NextToken
        );
    }
}
