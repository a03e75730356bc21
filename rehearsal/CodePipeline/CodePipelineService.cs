using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>CodePipeline's API.</summary>
public sealed class CodePipelineService : ModelService
{
    private readonly Pipelines _pipelines;
    private readonly PipelineEngine _engine;

    /// <summary>A service of this world.</summary>
    public CodePipelineService(RehearsalWorld world, PipelineEngine engine)
        : base(CodePipelineModel.Service)
    {
        _pipelines = new Pipelines(world);
        _engine = engine;
        On<CreatePipelineRequest, CreatePipelineResponse>(
            "CreatePipeline",
            CreatePipeline,
            (call, request) => [Arn(call, request.Pipeline.Name)]
        );
        On<GetPipelineRequest, GetPipelineResponse>("GetPipeline", GetPipeline, (call, request) => [Arn(call, request.Name)]);
        On<DeletePipelineRequest, DeletePipelineResponse>("DeletePipeline", DeletePipeline, (call, request) => [Arn(call, request.Name)]);
        On<StartPipelineExecutionRequest, StartPipelineExecutionResponse>(
            "StartPipelineExecution",
            StartPipelineExecution,
            (call, request) => [Arn(call, request.Name)]
        );
        On<GetPipelineStateRequest, GetPipelineStateResponse>(
            "GetPipelineState",
            GetPipelineState,
            (call, request) => [Arn(call, request.Name)]
        );
        On<GetPipelineExecutionRequest, GetPipelineExecutionResponse>(
            "GetPipelineExecution",
            GetPipelineExecution,
            (call, request) => [Arn(call, request.PipelineName)]
        );
        On<ListPipelineExecutionsRequest, ListPipelineExecutionsResponse>(
            "ListPipelineExecutions",
            ListPipelineExecutions,
            (call, request) => [Arn(call, request.PipelineName)]
        );
        On<ListActionExecutionsRequest, ListActionExecutionsResponse>(
            "ListActionExecutions",
            ListActionExecutions,
            (call, request) => [Arn(call, request.PipelineName)]
        );
        On<RetryStageExecutionRequest, RetryStageExecutionResponse>(
            "RetryStageExecution",
            RetryStageExecution,
            (call, request) => [$"{Arn(call, request.PipelineName)}/{request.StageName}"]
        );
        On<StopPipelineExecutionRequest, StopPipelineExecutionResponse>(
            "StopPipelineExecution",
            StopPipelineExecution,
            (call, request) => [Arn(call, request.PipelineName)]
        );
        On<RollbackStageRequest, RollbackStageResponse>(
            "RollbackStage",
            RollbackStage,
            (call, request) => [$"{Arn(call, request.PipelineName)}/{request.StageName}"]
        );
        On<PutApprovalResultRequest, PutApprovalResultResponse>(
            "PutApprovalResult",
            PutApprovalResult,
            (call, request) => [$"{Arn(call, request.PipelineName)}/{request.StageName}/{request.ActionName}"]
        );
        On<GetJobDetailsRequest, GetJobDetailsResponse>("GetJobDetails", GetJobDetails, (_, _) => ["*"]);
        On<PutJobSuccessResultRequest, PutJobSuccessResultResponse>("PutJobSuccessResult", PutJobSuccessResult, (_, _) => ["*"]);
        On<PutJobFailureResultRequest, PutJobFailureResultResponse>("PutJobFailureResult", PutJobFailureResult, (_, _) => ["*"]);
    }

    private static string Arn(Call call, string name) => $"arn:aws:codepipeline:{call.Region}:{call.Account}:{name}";

    private PipelineRecord Pipeline(Call call, string name) => _pipelines.Get(call.Account, call.Region, name);

    private PipelineRun Run(PipelineRecord pipeline, string id) =>
        _engine.Runs(pipeline).SingleOrDefault(run => run.Id == id)
        ?? throw new ApiException(
            "PipelineExecutionNotFoundException",
            $"The execution {id} of the pipeline {pipeline.Declaration.Name} cannot be found."
        );

    private CreatePipelineResponse CreatePipeline(Call call, CreatePipelineRequest request)
    {
        if (_pipelines.Find(call.Account, call.Region, request.Pipeline.Name) is not null)
        {
            throw new ApiException(
                "PipelineNameInUseException",
                $"A pipeline with the name '{request.Pipeline.Name}' already exists in account '{call.Account}'"
            );
        }

        call.World.Api.CheckPassRole(
            call,
            request.Pipeline.RoleArn,
            "codepipeline.amazonaws.com",
            sourceArn: Arn(call, request.Pipeline.Name)
        );
        return new CreatePipelineResponse
        {
            Pipeline = _pipelines.Put(call.Account, call.Region, request.Pipeline).Declaration,
            Tags = request.Tags,
        };
    }

    private GetPipelineResponse GetPipeline(Call call, GetPipelineRequest request)
    {
        SimulatedMembers.Only(request, "Name");
        var pipeline = Pipeline(call, request.Name);
        return new GetPipelineResponse
        {
            Pipeline = pipeline.Declaration,
            Metadata = new PipelineMetadata
            {
                PipelineArn = pipeline.Arn,
                Created = pipeline.Created.UtcDateTime,
                Updated = pipeline.Updated.UtcDateTime,
            },
        };
    }

    private DeletePipelineResponse DeletePipeline(Call call, DeletePipelineRequest request)
    {
        _pipelines.Delete(call.Account, call.Region, request.Name);
        return new DeletePipelineResponse();
    }

    private StartPipelineExecutionResponse StartPipelineExecution(Call call, StartPipelineExecutionRequest request)
    {
        SimulatedMembers.Only(request, "Name", "Variables", "ClientRequestToken");
        var variables = request.Variables?.ToDictionary(variable => variable.Name, variable => variable.Value);
        return new StartPipelineExecutionResponse
        {
            PipelineExecutionId = _engine.Start(Pipeline(call, request.Name), variables, request.ClientRequestToken, call.Principal.Arn),
        };
    }

    private GetPipelineStateResponse GetPipelineState(Call call, GetPipelineStateRequest request)
    {
        var pipeline = Pipeline(call, request.Name);
        var runs = _engine.Runs(pipeline).ToList();
        return new GetPipelineStateResponse
        {
            PipelineName = pipeline.Declaration.Name,
            PipelineVersion = pipeline.Declaration.Version,
            StageStates = [.. pipeline.Declaration.Stages.Select((stage, index) => StageState(pipeline.Declaration, stage, index, runs))],
            Created = pipeline.Created.UtcDateTime,
            Updated = pipeline.Updated.UtcDateTime,
        };
    }

    private StageState StageState(PipelineDeclaration pipeline, StageDeclaration stage, int index, List<PipelineRun> runs)
    {
        var latest = runs.FindLast(run => run.Stage > index || (run.Stage == index && !run.Waits));
        var inbound = runs.FindLast(run => run.Stage == index && run is { Waits: true, Status: PipelineRun.InProgress });
        var actions = runs.SelectMany(_engine.Actions).Where(action => action.Stage == stage.Name && !action.Replaced).ToList();
        return new StageState
        {
            StageName = stage.Name,
            InboundTransitionState = new TransitionState { Enabled = true },
            RetryStageMetadata = RetriesOf(latest, stage.Name),
            InboundExecution = inbound is null
                ? null
                : new StageExecution { PipelineExecutionId = inbound.Id, Status = StageExecutionStatus.InProgress },
            LatestExecution = latest is null
                ? null
                : new StageExecution
                {
                    PipelineExecutionId = latest.Id,
                    Status = latest.Stage > index ? StageExecutionStatus.Succeeded : latest.Status,
                },
            ActionStates =
            [
                .. stage.Actions.Select(declared => new ActionState
                {
                    ActionName = declared.Name,
                    LatestExecution = actions.FindLast(action => action.Action == declared.Name) is { } action
                        ? Execution(action, pipeline.ExecutionMode == ExecutionMode.PARALLEL)
                        : null,
                }),
            ],
        };
    }

    /// <summary>
    /// "For a pipeline where the execution mode is set to PARALLEL, the token … is not available. Instead, use the externalExecutionId in
    /// the response output from the ListActionExecutions action":
    /// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html
    /// </summary>
    private ActionExecution Execution(ActionRun action, bool isParallel) =>
        new()
        {
            Token = action.Status == PipelineRun.InProgress && !isParallel ? _engine.TokenOf(action) : null,
            LastUpdatedBy = action.UpdatedBy,
            ActionExecutionId = action.Id,
            Status = action.Status,
            Summary = action.Summary,
            LastStatusChange = action.Updated.UtcDateTime,
            ExternalExecutionId = action.ExternalExecutionId,
            PercentComplete = action.PercentComplete,
            ErrorDetails = Error(action),
        };

    private static ErrorDetails? Error(ActionRun action) =>
        action.ErrorCode is null ? null : new ErrorDetails { Code = action.ErrorCode, Message = action.ErrorMessage };

    private GetPipelineExecutionResponse GetPipelineExecution(Call call, GetPipelineExecutionRequest request)
    {
        var run = Run(Pipeline(call, request.PipelineName), request.PipelineExecutionId);
        return new GetPipelineExecutionResponse
        {
            PipelineExecution = new PipelineExecution
            {
                PipelineName = run.Declaration.Name,
                PipelineVersion = run.Declaration.Version,
                PipelineExecutionId = run.Id,
                Status = run.Status,
                StatusSummary = run.StopReason,
                ExecutionMode = run.Declaration.ExecutionMode,
                ExecutionType = TypeOf(run),
                RollbackMetadata = RollbackOf(run),
                Trigger = TriggerOf(run),
                Variables =
                [
                    .. run.Variables["variables"]
                        .Select(variable => new ResolvedPipelineVariable { Name = variable.Key, ResolvedValue = variable.Value }),
                ],
                ArtifactRevisions =
                [
                    .. run.Revisions.Select(revision => new ArtifactRevision
                    {
                        Name = revision.ActionName,
                        RevisionId = revision.RevisionId,
                        RevisionSummary = revision.RevisionSummary,
                    }),
                ],
            },
        };
    }

    /// <summary>
    /// What is shown of a rollback, and of who or what started an execution; that of a standard execution has no type:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback-view-details.html
    /// </summary>
    private static ExecutionType? TypeOf(PipelineRun run) => run.RollbackOf is null ? null : ExecutionType.ROLLBACK;

    private static PipelineRollbackMetadata? RollbackOf(PipelineRun run) =>
        run.RollbackOf is { } target ? new PipelineRollbackMetadata { RollbackTargetPipelineExecutionId = target } : null;

    private static ExecutionTrigger? TriggerOf(PipelineRun run) =>
        run.Trigger is { } trigger ? new ExecutionTrigger { TriggerType = trigger.Type, TriggerDetail = trigger.Detail } : null;

    /// <summary>
    /// How often a stage was retried; a retry by itself comes before one by somebody.
    /// https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RetryStageMetadata.html
    /// </summary>
    private static RetryStageMetadata? RetriesOf(PipelineRun? run, string stage)
    {
        var byItself = run?.Retried.Count(retried => retried == stage) ?? 0;
        var byHand = run?.RetriedByHand.Count(retried => retried == stage) ?? 0;
        return byItself + byHand == 0
            ? null
            : new RetryStageMetadata
            {
                AutoStageRetryAttempt = byItself == 0 ? null : byItself,
                ManualStageRetryAttempt = byHand == 0 ? null : byHand,
                LatestRetryTrigger = byHand == 0 ? RetryTrigger.AutomatedStageRetry : RetryTrigger.ManualStageRetry,
            };
    }

    private ListPipelineExecutionsResponse ListPipelineExecutions(Call call, ListPipelineExecutionsRequest request)
    {
        SimulatedMembers.Only(request, "PipelineName", "MaxResults");
        return new ListPipelineExecutionsResponse
        {
            PipelineExecutionSummaries =
            [
                .. _engine
                    .Runs(Pipeline(call, request.PipelineName))
                    .Reverse()
                    .Take(request.MaxResults ?? 100)
                    .Select(run => new PipelineExecutionSummary
                    {
                        PipelineExecutionId = run.Id,
                        Status = run.Status,
                        StartTime = run.Started.UtcDateTime,
                        LastUpdateTime = run.Updated.UtcDateTime,
                        SourceRevisions = [.. run.Revisions],
                        ExecutionMode = run.Declaration.ExecutionMode,
                        ExecutionType = TypeOf(run),
                        RollbackMetadata = RollbackOf(run),
                        Trigger = TriggerOf(run),
                    }),
            ],
        };
    }

    private ListActionExecutionsResponse ListActionExecutions(Call call, ListActionExecutionsRequest request)
    {
        SimulatedMembers.Only(request, "PipelineName", "Filter", "MaxResults");
        SimulatedMembers.Only(request.Filter, "PipelineExecutionId");
        var runs = _engine
            .Runs(Pipeline(call, request.PipelineName))
            .Reverse()
            .Where(run => request.Filter?.PipelineExecutionId is not { } id || run.Id == id);
        return new ListActionExecutionsResponse
        {
            ActionExecutionDetails =
            [
                .. runs.SelectMany(run => _engine.Actions(run).Reverse().Select(action => Detail(run, action)))
                    .Take(request.MaxResults ?? 100),
            ],
        };
    }

    private ActionExecutionDetail Detail(PipelineRun run, ActionRun action)
    {
        var declared = _engine.DeclarationOf(action);
        return new ActionExecutionDetail
        {
            PipelineExecutionId = run.Id,
            ActionExecutionId = action.Id,
            PipelineVersion = run.Declaration.Version,
            StageName = action.Stage,
            ActionName = action.Action,
            StartTime = action.Started.UtcDateTime,
            LastUpdateTime = action.Updated.UtcDateTime,
            UpdatedBy = action.UpdatedBy,
            Status = action.Status,
            Input = new ActionExecutionInput
            {
                ActionTypeId = declared.ActionTypeId,
                Configuration = declared.Configuration,
                ResolvedConfiguration = action.Configuration.ToDictionary(),
                RoleArn = declared.RoleArn,
                Region = declared.Region ?? run.Region,
                Namespace = declared.Namespace,
            },
            Output = new ActionExecutionOutput
            {
                OutputVariables = action.OutputVariables?.ToDictionary(),
                ExecutionResult = new ActionExecutionResult
                {
                    ExternalExecutionId =
                        action.ExternalExecutionId
                        ?? (run.Declaration.ExecutionMode == ExecutionMode.PARALLEL ? _engine.TokenOf(action) : null),
                    ExternalExecutionSummary = action.Summary,
                    ErrorDetails = Error(action),
                },
            },
        };
    }

    private RetryStageExecutionResponse RetryStageExecution(Call call, RetryStageExecutionRequest request)
    {
        var pipeline = Pipeline(call, request.PipelineName);
        if (!pipeline.Declaration.Stages.Exists(stage => stage.Name == request.StageName))
        {
            throw new ApiException("StageNotFoundException", $"The pipeline {request.PipelineName} has no stage {request.StageName}.");
        }

        var run = Run(pipeline, request.PipelineExecutionId);
        _engine.Retry(run, request.StageName, request.RetryMode);
        return new RetryStageExecutionResponse { PipelineExecutionId = run.Id };
    }

    private StopPipelineExecutionResponse StopPipelineExecution(Call call, StopPipelineExecutionRequest request)
    {
        SimulatedMembers.Only(request, "PipelineName", "PipelineExecutionId", "Abandon", "Reason");
        var run = Run(Pipeline(call, request.PipelineName), request.PipelineExecutionId);
        _engine.Stop(run, request.Abandon == true, request.Reason);
        return new StopPipelineExecutionResponse { PipelineExecutionId = run.Id };
    }

    private RollbackStageResponse RollbackStage(Call call, RollbackStageRequest request)
    {
        var pipeline = Pipeline(call, request.PipelineName);
        if (!pipeline.Declaration.Stages.Exists(stage => stage.Name == request.StageName))
        {
            throw new ApiException("StageNotFoundException", $"The pipeline {request.PipelineName} has no stage {request.StageName}.");
        }

        return new RollbackStageResponse
        {
            PipelineExecutionId = _engine.Rollback(
                pipeline,
                request.StageName,
                Run(pipeline, request.TargetPipelineExecutionId),
                new RunTrigger(TriggerType.ManualRollback, call.Principal.Arn)
            ),
        };
    }

    private PutApprovalResultResponse PutApprovalResult(Call call, PutApprovalResultRequest request)
    {
        _engine.Answer(
            Pipeline(call, request.PipelineName),
            request.StageName,
            request.ActionName,
            request.Token,
            request.Result,
            call.Principal.Arn
        );
        return new PutApprovalResultResponse { ApprovedAt = call.World.Now.UtcDateTime };
    }

    private GetJobDetailsResponse GetJobDetails(Call call, GetJobDetailsRequest request) =>
        new() { JobDetails = _engine.Jobs.Details(_engine.Jobs.Get(request.JobId)) };

    private PutJobSuccessResultResponse PutJobSuccessResult(Call call, PutJobSuccessResultRequest request)
    {
        SimulatedMembers.Only(request, "JobId", "ContinuationToken", "ExecutionDetails", "OutputVariables");
        _engine.Jobs.PutSuccess(request);
        return new PutJobSuccessResultResponse();
    }

    private PutJobFailureResultResponse PutJobFailureResult(Call call, PutJobFailureResultRequest request)
    {
        _engine.Jobs.PutFailure(request);
        return new PutJobFailureResultResponse();
    }
}
