using Amazon.CodePipeline.Model;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>The pipeline of a small service that was deployed, with another declaration.</summary>
/// <param name="accounts">The accounts, which may be opened anew.</param>
internal sealed class ServicePipeline(Func<SimulatedAccounts> accounts)
{
    private const string Tools = "222222222222";
    private const string Region = "us-east-1";

    /// <summary>The pipeline's name.</summary>
    public const string Name = "inventory-pipeline-dev";

    /// <summary>The pipeline's stage with the deploy action.</summary>
    public const string Stage = "Deploy-dev";

    /// <summary>The one of a target.</summary>
    public ServicePipeline(ChangedTarget target)
        : this(() => target.Accounts) { }

    private SimulatedAccounts Accounts => accounts();

    /// <summary>Makes the pipeline anew with a changed declaration.</summary>
    public async Task Change(Action<PipelineDeclaration> change)
    {
        var declaration = (await Accounts.InTools<GetPipelineResponse>(new GetPipelineRequest { Name = Name })).Pipeline;
        change(declaration);
        await Accounts.InTools<DeletePipelineResponse>(new DeletePipelineRequest { Name = Name });
        await Accounts.InTools<CreatePipelineResponse>(new CreatePipelineRequest { Pipeline = declaration });
    }

    /// <summary>Starts it.</summary>
    /// <returns>The execution's id.</returns>
    public async Task<string> Start() =>
        (await Accounts.InTools<StartPipelineExecutionResponse>(new StartPipelineExecutionRequest { Name = Name })).PipelineExecutionId;

    /// <summary>How an execution stands.</summary>
    public async Task<PipelineExecution> Execution(string id) =>
        (
            await Accounts.InTools<GetPipelineExecutionResponse>(
                new GetPipelineExecutionRequest { PipelineName = Name, PipelineExecutionId = id }
            )
        ).PipelineExecution;

    /// <summary>The status of an execution.</summary>
    public async Task<string> Status(string id) => (await Execution(id)).Status.Value;

    /// <summary>The action executions of an execution, the newest first.</summary>
    public async Task<IReadOnlyList<ActionExecutionDetail>> Actions(string id) =>
        (
            await Accounts.InTools<ListActionExecutionsResponse>(
                new ListActionExecutionsRequest
                {
                    PipelineName = Name,
                    Filter = new ActionExecutionFilter { PipelineExecutionId = id },
                }
            )
        ).ActionExecutionDetails;

    /// <summary>The newest state of the deploy action.</summary>
    public async Task<ActionExecution> DeployAction() =>
        (await Accounts.InTools<GetPipelineStateResponse>(new GetPipelineStateRequest { Name = Name }))
            .StageStates.Single(stage => stage.StageName == Stage)
            .ActionStates.Single(action => action.ActionName == "Deploy")
            .LatestExecution;

    /// <summary>Retries the failed actions of the deploy stage.</summary>
    public Task Retry(string id) =>
        Accounts.InTools<RetryStageExecutionResponse>(
            new RetryStageExecutionRequest
            {
                PipelineName = Name,
                StageName = Stage,
                PipelineExecutionId = id,
                RetryMode = Amazon.CodePipeline.StageRetryMode.FAILED_ACTIONS,
            }
        );

    /// <summary>Rolls the deploy stage back to an execution.</summary>
    /// <returns>The new execution's id.</returns>
    public async Task<string> Rollback(string id) =>
        (
            await Accounts.InTools<RollbackStageResponse>(
                new RollbackStageRequest
                {
                    PipelineName = Name,
                    StageName = Stage,
                    TargetPipelineExecutionId = id,
                }
            )
        ).PipelineExecutionId;

    /// <summary>Stops an execution.</summary>
    public Task Stop(string id, bool abandon) =>
        Accounts.InTools<StopPipelineExecutionResponse>(
            new StopPipelineExecutionRequest
            {
                PipelineName = Name,
                PipelineExecutionId = id,
                Abandon = abandon,
                Reason = "somebody stopped it",
            }
        );

    /// <summary>Answers an action of which an execution waits.</summary>
    /// <param name="action">The action's name.</param>
    /// <param name="approved">Whether it is approved.</param>
    /// <returns>The execution's id.</returns>
    public async Task<string> Answer(string action, bool approved)
    {
        var execution = (await Accounts.Rehearsal.WaitingApproval(Tools, Region, Name)).ShouldNotBeNull().Execution;
        var (stage, state) = (await Accounts.InTools<GetPipelineStateResponse>(new GetPipelineStateRequest { Name = Name }))
            .StageStates.SelectMany(stage => stage.ActionStates.Select(state => (stage.StageName, state)))
            .Single(found => found.state.ActionName == action);
        await Accounts.InTools<PutApprovalResultResponse>(
            new PutApprovalResultRequest
            {
                PipelineName = Name,
                StageName = stage,
                ActionName = action,
                Token = state.LatestExecution.Token,
                Result = new ApprovalResult
                {
                    Status = approved ? Amazon.CodePipeline.ApprovalStatus.Approved : Amazon.CodePipeline.ApprovalStatus.Rejected,
                    Summary = approved ? "approved" : "rejected",
                },
            }
        );
        return execution;
    }

    /// <summary>Approves an action of which an execution waits.</summary>
    /// <returns>The execution's id.</returns>
    public Task<string> Approve(string action) => Answer(action, approved: true);

    /// <summary>The execution ids, the newest first.</summary>
    public async Task<IReadOnlyList<string>> Executions() =>
        [
            .. (
                await Accounts.InTools<ListPipelineExecutionsResponse>(new ListPipelineExecutionsRequest { PipelineName = Name })
            ).PipelineExecutionSummaries.Select(summary => summary.PipelineExecutionId),
        ];
}
