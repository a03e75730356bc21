using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CodePipeline;
using Amazon.CodePipeline.Model;
using Deployer.Rehearsal.Lambda.Invocations;
using Deployer.Rehearsal.Sts;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CodePipeline;

/// <summary>Runs pipelines: stage by stage, within a stage the actions by their run order.</summary>
public sealed class PipelineEngine
{
    private const string Due = "codepipeline/action";
    private const string ApprovalLimitDue = "codepipeline/approval-limit";
    private const string Rejected = "ActionExecutionRejected";

    // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
    private static readonly TimeSpan UsualApprovalLimit = TimeSpan.FromDays(7);

    private readonly RehearsalWorld _world;
    private readonly IEventSource _events;
    private readonly RoleSessions _sessions;
    private readonly Table<PipelineRun> _runs;
    private readonly Table<ActionRun> _actions;
    private readonly SourceActions _sources;
    private readonly StateMachineActions _machines;
    private readonly List<string> _notices = [];

    /// <summary>Made once for a world.</summary>
    /// <param name="world">The world.</param>
    /// <param name="functions">Calls the functions of invoke actions.</param>
    /// <param name="events">Takes the state changes.</param>
    public PipelineEngine(RehearsalWorld world, ILambdaInvoker functions, IEventSource events)
    {
        _world = world;
        _events = events;
        _sessions = new RoleSessions(world);
        _runs = world.Store.Table<PipelineRun>("codepipeline/runs");
        _actions = world.Store.Table<ActionRun>("codepipeline/actions");
        _sources = new SourceActions(world, this);
        _machines = new StateMachineActions(world, this);
        Jobs = new Jobs(world, functions, this);
        world.OnDue(Due, key => Begin(_actions.Get(key)!), failed: Break);
        world.OnDue(ApprovalLimitDue, key => NotAnswered(_actions.Get(key)!), failed: Break);
    }

    /// <summary>Whether manual approvals are given as soon as they are asked for. Nobody approves otherwise.</summary>
    public bool ApprovesByItself { get; set; }

    /// <summary>What was met in this run that AWS may refuse, a sentence each.</summary>
    internal IReadOnlyList<string> Notices => _notices;

    /// <summary>The jobs of invoke actions.</summary>
    internal Jobs Jobs { get; }

    /// <summary>Starts a pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="variables">Values of its variables; those left out keep their defaults.</param>
    /// <param name="requestToken">A request that is repeated with the same one gets the execution that it has started.</param>
    /// <param name="by">The ARN of who starts it.</param>
    /// <returns>The execution's id.</returns>
    public string Start(
        PipelineRecord pipeline,
        IReadOnlyDictionary<string, string>? variables = null,
        string? requestToken = null,
        string? by = null
    )
    {
        if (requestToken is not null && Runs(pipeline).FirstOrDefault(run => run.RequestToken == requestToken) is { } started)
        {
            return started.Id;
        }

        var declared = (pipeline.Declaration.Variables ?? []).ToDictionary(
            variable => variable.Name,
            variable =>
                variables?.GetValueOrDefault(variable.Name)
                ?? variable.DefaultValue
                ?? throw new ApiException("ValidationException", $"The pipeline variable {variable.Name} has no value.")
        );
        var run = new PipelineRun(
            pipeline.Account,
            pipeline.Region,
            pipeline.Declaration,
            _world.Random.Uuid(),
            Runs(pipeline).Count() + 1,
            _world.Now
        )
        {
            RequestToken = requestToken,
            Trigger = by is null ? null : new RunTrigger(TriggerType.StartPipelineExecution, by),
            Variables = new Dictionary<string, IReadOnlyDictionary<string, string>> { ["variables"] = declared },
        };
        Publish(run, "STARTED");
        EnterStage(run);
        return run.Id;
    }

    /// <summary>Answers a manual approval that waits.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="stage">The stage's name.</param>
    /// <param name="action">The action's name.</param>
    /// <param name="token">The token of the request that is answered.</param>
    /// <param name="result">The answer, and the person's comment.</param>
    /// <param name="by">The ARN of the person.</param>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html</remarks>
    /// <exception cref="ApiException">
    /// StageNotFoundException, ActionNotFoundException, InvalidApprovalTokenException, ApprovalAlreadyCompletedException.
    /// </exception>
    internal void Answer(PipelineRecord pipeline, string stage, string action, string token, ApprovalResult result, string by)
    {
        var name = pipeline.Declaration.Name;
        var declared =
            pipeline.Declaration.Stages.Find(known => known.Name == stage)
            ?? throw new ApiException("StageNotFoundException", $"The pipeline {name} has no stage {stage}.");
        if (!declared.Actions.Exists(known => known.Name == action))
        {
            throw new ApiException("ActionNotFoundException", $"The stage {stage} of the pipeline {name} has no action {action}.");
        }

        var asked =
            Runs(pipeline).SelectMany(Actions).LastOrDefault(run => run.Stage == stage && run.Action == action && TokenOf(run) == token)
            ?? throw new ApiException("InvalidApprovalTokenException", "The approval request already received a response or has expired.");
        if (asked.Status != PipelineRun.InProgress)
        {
            throw new ApiException("ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected.");
        }

        var answered = asked with { Summary = result.Summary, UpdatedBy = by };
        if (result.Status == ApprovalStatus.Approved)
        {
            Succeed(answered);
        }
        else
        {
            Fail(answered, Rejected, result.Summary);
        }
    }

    /// <summary>How the newest invoke action of a pipeline's run stands; <see langword="null"/> when none has begun.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="execution">The run; <see langword="null"/> for the newest.</param>
    public InvokeOutcome? LastInvoke(PipelineRecord pipeline, string? execution = null)
    {
        var run = Runs(pipeline).LastOrDefault(run => execution is null || run.Id == execution);
        var actions = run is null ? [] : Actions(run).ToList();
        // An action that failed before it had a job failed the run as well, and is all that there is to report.
        if (actions.FindLast(action => action.JobId is not null || action.ErrorMessage is not null) is not { } last)
        {
            return null;
        }

        var wasRejected = last.ErrorCode == Rejected;
        return new InvokeOutcome(
            last.Status,
            last.JobId,
            last.ErrorMessage ?? last.Summary,
            last.OutputVariables,
            last.FinalResults,
            wasRejected ? actions.FindLast(action => action.ExternalExecutionId is not null)?.ExternalExecutionId : last.ExternalExecutionId
        )
        {
            WasRejected = wasRejected,
        };
    }

    /// <summary>The manual approval that a run of the pipeline waits for; <see langword="null"/> for none.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="execution">The run; <see langword="null"/> for the newest that waits.</param>
    /// <returns>The action's name, and what the actions before it in the run stand for, the newest first.</returns>
    public WaitingApproval? Waiting(PipelineRecord pipeline, string? execution = null)
    {
        var waiting = Runs(pipeline)
            .Where(run => run.Status == PipelineRun.InProgress && (execution is null || run.Id == execution))
            .SelectMany(Actions)
            .LastOrDefault(action => action.Status == PipelineRun.InProgress && TokenOf(action) is not null);
        return waiting is null
            ? null
            : new WaitingApproval(
                waiting.Action,
                RunOf(waiting).Id,
                waiting.Configuration.GetValueOrDefault("CustomData"),
                [.. Actions(RunOf(waiting)).Reverse().Select(action => action.ExternalExecutionId).OfType<string>()]
            )
            {
                // "In PARALLEL mode, executions run simultaneously and independently of one another":
                // https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
                HoldsOthers = pipeline.Declaration.ExecutionMode != ExecutionMode.PARALLEL,
            };
    }

    /// <summary>The ids of the runs of all pipelines that have not ended.</summary>
    internal IEnumerable<string> UnderWay =>
        _runs.WithPrefix(string.Empty).Select(run => run.Value).Where(run => run.Status == PipelineRun.InProgress).Select(run => run.Id);

    /// <summary>The runs of a pipeline, oldest first.</summary>
    internal IEnumerable<PipelineRun> Runs(PipelineRecord pipeline) => Runs(pipeline.Account, pipeline.Region, pipeline.Declaration.Name);

    /// <summary>The runs of a run's actions, oldest first, replaced ones included.</summary>
    internal IEnumerable<ActionRun> Actions(PipelineRun run) => _actions.WithPrefix(run.Key + "/").Select(action => action.Value);

    internal PipelineRun RunOf(ActionRun action) => _runs.Get(action.RunKey)!;

    internal ActionRun? FindAction(string key) => _actions.Get(key);

    /// <summary>Notes for people, once, what AWS may refuse.</summary>
    internal void Note(string notice)
    {
        if (!_notices.Contains(notice, StringComparer.Ordinal))
        {
            _notices.Add(notice);
        }
    }

    /// <summary>The source actions that have begun and not ended.</summary>
    internal IEnumerable<ActionRun> SourcesUnderWay() =>
        _actions
            .WithPrefix(string.Empty)
            .Select(action => action.Value)
            // One that has not begun has no resolved configuration yet.
            .Where(action => action.Status == PipelineRun.InProgress && action.Configuration.Count > 0)
            .Where(action => DeclarationOf(action).ActionTypeId.Category == ActionCategory.Source)
            .ToList();

    internal ActionDeclaration DeclarationOf(ActionRun action) =>
        RunOf(action)
            .Declaration.Stages.Single(stage => stage.Name == action.Stage)
            .Actions.Single(declared => declared.Name == action.Action);

    /// <summary>By which a manual approval is answered; <see langword="null"/> for one that has not begun, and for other actions.</summary>
    internal string? TokenOf(ActionRun action) =>
        action.Updated > action.Started && DeclarationOf(action).ActionTypeId.Category == ActionCategory.Approval ? action.Id : null;

    internal void Save(ActionRun action) => _actions.Put(action.Key, action with { Updated = _world.Now });

    /// <summary>Keeps what only the rehearsal counts: an answer that is refused is no update of the action.</summary>
    internal void Count(ActionRun action) => _actions.Put(action.Key, action);

    /// <summary>Who acts for an action: the pipeline's role, or the action's own, assumed by it.</summary>
    /// <exception cref="ApiException">AccessDenied.</exception>
    internal Principal Role(ActionRun action)
    {
        var run = RunOf(action);
        var service = Principal.Service("codepipeline.amazonaws.com", run.Account, run.PipelineArn);
        var session = action.Id.Replace("-", "", StringComparison.Ordinal);
        var pipelineRole = _sessions.Act(service, run.Declaration.RoleArn, session);
        return DeclarationOf(action).RoleArn is { } own ? _sessions.Act(pipelineRole, own, session) : pipelineRole;
    }

    /// <summary>
    /// Has an action call the service that does its work, after a time from a stream of its own: its name is the pipeline with the number
    /// of its run and the action's in it, since ids are from the world's stream.
    /// </summary>
    /// <param name="action">The action: an actor, which calls once at a time.</param>
    /// <param name="after">How long it takes until then.</param>
    /// <param name="kind">The kind of the due moment.</param>
    /// <param name="payload">What its handler takes.</param>
    internal void Call(ActionRun action, SimulatedDuration after, string kind, string payload)
    {
        var run = RunOf(action);
        var caller = string.Create(CultureInfo.InvariantCulture, $"{run.PipelineArn}#{run.Number}/{action.Number}");
        _world.ScheduleCall(caller, _world.Delay(after, caller), kind, payload);
    }

    /// <summary>Ends an action well: its variables and artifacts are there for the actions that follow.</summary>
    internal void Succeed(ActionRun action)
    {
        Forget(action);
        var ended = action with { Status = PipelineRun.Succeeded };
        Save(ended);
        var run = RunOf(action);
        var artifacts = run.Artifacts.ToDictionary();
        foreach (var (name, artifact) in ended.Outputs)
        {
            artifacts[name] = artifact;
        }

        var variables = run.Variables.ToDictionary();
        if (DeclarationOf(action).Namespace is { } space)
        {
            variables[space] = ended.OutputVariables ?? new Dictionary<string, string>();
        }

        Continue(Save(run with { Artifacts = artifacts, Variables = variables }));
    }

    /// <summary>Ends an action badly.</summary>
    internal void Fail(ActionRun action, string code, string message)
    {
        Forget(action);
        Save(action with { Status = PipelineRun.Failed, ErrorCode = code, ErrorMessage = message });
        Continue(RunOf(action));
    }

    /// <summary>An action that nothing would lead any further fails.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="reason">What the rehearsal failed at.</param>
    internal void Break(string key, string reason)
    {
        if (FindAction(key) is { Status: PipelineRun.InProgress } action)
        {
            Fail(action, "InternalError", reason);
        }
    }

    /// <summary>Notes which revision a source action found.</summary>
    internal void AddRevision(ActionRun action, SourceRevision revision)
    {
        var run = RunOf(action);
        Save(run with { Revisions = [.. run.Revisions.Where(other => other.ActionName != revision.ActionName), revision] });
    }

    /// <summary>Runs the failed actions of a stage again, or all of them.</summary>
    /// <exception cref="ApiException">StageNotRetryableException, NotLatestPipelineExecutionException.</exception>
    internal void Retry(PipelineRun run, string stage, StageRetryMode mode)
    {
        if (run.Status != PipelineRun.Failed || run.StageDeclaration.Name != stage)
        {
            throw new ApiException("StageNotRetryableException", $"Stage {stage} of the execution {run.Id} has not failed.");
        }

        if (
            Runs(run.Account, run.Region, run.Declaration.Name)
                .Any(other => other.Number > run.Number && other.Stage >= run.Stage && !other.Waits)
        )
        {
            throw new ApiException("NotLatestPipelineExecutionException", $"The execution {run.Id} is not the latest of stage {stage}.");
        }

        foreach (
            var action in Actions(run)
                .Where(action => action.Stage == stage && (mode == StageRetryMode.ALL_ACTIONS || action.Status == PipelineRun.Failed))
        )
        {
            Save(action with { Replaced = true });
        }

        Continue(Save(run with { Status = PipelineRun.InProgress, RetriedByHand = [.. run.RetriedByHand, stage] }));
    }

    /// <summary>Stops a run: its actions in progress come to their end first, or are abandoned.</summary>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html#how-it-works-stop</remarks>
    /// <exception cref="ApiException">PipelineExecutionNotStoppableException, DuplicatedStopRequestException.</exception>
    internal void Stop(PipelineRun run, bool abandon, string? reason)
    {
        if (!run.IsActive)
        {
            throw new ApiException(
                "PipelineExecutionNotStoppableException",
                $"Unable to stop pipeline execution: {run.Id}. It is not in progress."
            );
        }

        if (run.Status == PipelineRun.Stopping && !abandon)
        {
            throw new ApiException("DuplicatedStopRequestException", $"The pipeline execution {run.Id} is already in a Stopping state.");
        }

        run = Save(run with { Status = PipelineRun.Stopping, StopReason = reason });
        Publish(run, "STOPPING");
        foreach (var action in abandon ? Actions(run).Where(action => action.Status == PipelineRun.InProgress).ToList() : [])
        {
            Forget(action);
            Save(action with { Status = PipelineRun.Abandoned });
        }

        Continue(run);
    }

    /// <summary>Runs a stage again with the revisions of an earlier run that succeeded there.</summary>
    /// <remarks>https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html</remarks>
    /// <returns>The new run's id.</returns>
    /// <exception cref="ApiException">UnableToRollbackStageException, PipelineExecutionOutdatedException.</exception>
    internal string Rollback(PipelineRecord pipeline, string stage, PipelineRun target, RunTrigger trigger)
    {
        var index = pipeline.Declaration.Stages.FindIndex(declared => declared.Name == stage);
        if (target.Declaration.Version != pipeline.Declaration.Version)
        {
            throw new ApiException(
                "PipelineExecutionOutdatedException",
                $"The execution {target.Id} was started in version {target.Declaration.Version} of the pipeline's structure, and it has "
                    + $"version {pipeline.Declaration.Version} now."
            );
        }

        // "For pipelines in PARALLEL mode, stage rollback is not available":
        // https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
        if (
            index == 0
            || pipeline.Declaration.ExecutionMode == ExecutionMode.PARALLEL
            || target.RollbackOf is not null
            || !HasSucceeded(target, index)
        )
        {
            throw new ApiException("UnableToRollbackStageException", $"Unable to roll back stage {stage} to the execution {target.Id}.");
        }

        var run = new PipelineRun(
            pipeline.Account,
            pipeline.Region,
            pipeline.Declaration,
            _world.Random.Uuid(),
            Runs(pipeline).Count() + 1,
            _world.Now
        )
        {
            Stage = index,
            RollbackOf = target.Id,
            Trigger = trigger,
            Artifacts = target.Artifacts,
            Variables = target.Variables,
            Revisions = target.Revisions,
        };
        Publish(run, "STARTED");
        EnterStage(run);
        return run.Id;
    }

    private static bool HasSucceeded(PipelineRun run, int stage) =>
        run.Stage > stage || (run.Stage == stage && run.Status == PipelineRun.Succeeded);

    private IEnumerable<PipelineRun> Runs(string account, string region, string pipeline) =>
        _runs.WithPrefix(RegionalKey.Prefix(account, region, pipeline)).Select(run => run.Value).OrderBy(run => run.Number);

    private PipelineRun Save(PipelineRun run)
    {
        run = run with { Updated = _world.Now };
        _runs.Put(run.Key, run);
        return run;
    }

    /// <summary>Enters the stage, or waits until it is free:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html.</summary>
    private void EnterStage(PipelineRun run)
    {
        var others = Runs(run.Account, run.Region, run.Declaration.Name)
            .Where(other => other.Id != run.Id && other.IsActive && other.Stage == run.Stage)
            .ToList();
        if (run.Declaration.ExecutionMode == ExecutionMode.PARALLEL || others.TrueForAll(other => other.Waits))
        {
            Continue(Save(run with { Waits = false }));
            return;
        }

        Save(run with { Waits = true });
        if (run.Declaration.ExecutionMode == ExecutionMode.SUPERSEDED)
        {
            foreach (var older in others.Where(other => other.Waits && other.Number < run.Number))
            {
                End(older, PipelineRun.Superseded);
            }
        }
    }

    /// <summary>Starts the next actions of the stage, or leaves it.</summary>
    private void Continue(PipelineRun run)
    {
        var ran = Actions(run).Where(action => action.Stage == run.StageDeclaration.Name && !action.Replaced).ToList();
        if (run.Status == PipelineRun.Stopping)
        {
            if (!ran.Exists(action => action.Status == PipelineRun.InProgress))
            {
                End(run, PipelineRun.Stopped);
            }

            return;
        }

        foreach (var group in run.StageDeclaration.Actions.GroupBy(action => action.RunOrder ?? 1).OrderBy(group => group.Key))
        {
            var missing = group.Where(action => ran.TrueForAll(other => other.Action != action.Name)).ToList();
            foreach (var action in missing)
            {
                var started = new ActionRun(
                    run.Key,
                    Actions(run).Count() + 1,
                    _world.Random.Uuid(),
                    run.StageDeclaration.Name,
                    action.Name,
                    _world.Now
                );
                Save(started);
                Call(started, Durations.PipelineTransition, Due, started.Key);
            }

            if (missing.Count > 0 || ran.Exists(action => action.Status == PipelineRun.InProgress))
            {
                return;
            }

            if (ran.Exists(action => action.Status == PipelineRun.Failed))
            {
                FailStage(run, ran);
                return;
            }
        }

        if (run.Stage + 1 == run.Declaration.Stages.Count || run.RollbackOf is not null)
        {
            End(run, PipelineRun.Succeeded);
            return;
        }

        EnterStage(Save(run with { Stage = run.Stage + 1 }));
        Admit(run);
    }

    /// <summary>
    /// A stage has failed: it is retried once by itself, rolled back, or ends the run.
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html,
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
    /// </summary>
    private void FailStage(PipelineRun run, List<ActionRun> ran)
    {
        var stage = run.StageDeclaration;
        if (stage.OnFailure?.Result == Result.RETRY && !run.Retried.Contains(stage.Name))
        {
            var all = stage.OnFailure.RetryConfiguration?.RetryMode == StageRetryMode.ALL_ACTIONS;
            foreach (var action in ran.Where(action => all || action.Status == PipelineRun.Failed))
            {
                Save(action with { Replaced = true });
            }

            Continue(Save(run with { Retried = [.. run.Retried, stage.Name] }));
            return;
        }

        End(run, PipelineRun.Failed);
        if (
            stage.OnFailure?.Result == Result.ROLLBACK
            && run.RollbackOf is null
            && Runs(run.Account, run.Region, run.Declaration.Name)
                .LastOrDefault(other =>
                    other.Number < run.Number
                    && other.RollbackOf is null
                    && other.Declaration.Version == run.Declaration.Version
                    && HasSucceeded(other, run.Stage)
                )
                is { } earlier
        )
        {
            Rollback(
                new PipelineRecord(run.Account, run.Region, run.Declaration, run.Started, run.Started),
                stage.Name,
                earlier,
                new RunTrigger(TriggerType.AutomatedRollback, new JsonObject { ["FailedPipelineExecutionId"] = run.Id }.ToJsonString())
            );
        }
    }

    private void End(PipelineRun run, string status)
    {
        Save(run with { Status = status });
        Publish(run, status.ToUpperInvariant());
        if (!run.Waits)
        {
            Admit(run);
        }
    }

    /// <summary>Lets the next run into the stage that this one has left.</summary>
    private void Admit(PipelineRun left)
    {
        var next = Runs(left.Account, left.Region, left.Declaration.Name)
            .FirstOrDefault(run => run is { Status: PipelineRun.InProgress, Waits: true } && run.Stage == left.Stage);
        if (next is not null)
        {
            EnterStage(next);
        }
    }

    private void Begin(ActionRun action)
    {
        if (action.Status != PipelineRun.InProgress)
        {
            // It was abandoned before it began.
            return;
        }

        var run = RunOf(action);
        var declared = DeclarationOf(action);
        try
        {
            action = action with
            {
                Configuration = PipelineVariables.Resolve(run, declared.Configuration ?? []),
                Outputs = (declared.OutputArtifacts ?? []).ToDictionary(
                    artifact => artifact.Name,
                    artifact => new StoredArtifact(
                        run.Declaration.ArtifactStore.Location,
                        $"{Short(run.Declaration.Name, 20)}/{Short(artifact.Name, 10)}/{_world.Random.UpperId(7)}",
                        Revision: null
                    )
                ),
            };
        }
        catch (KeyNotFoundException missing)
        {
            Fail(action, "InvalidVariable", missing.Message);
            return;
        }

        Save(action);
        switch (declared.ActionTypeId.Category.Value)
        {
            case "Source":
                _sources.Begin(action);
                break;
            case "Invoke" when declared.ActionTypeId.Provider == StateMachineActions.Provider:
                _machines.Begin(action);
                break;
            case "Invoke":
                Jobs.Begin(action);
                break;
            case "Approval" when ApprovesByItself:
                Succeed(action with { Summary = "approved by the rehearsal" });
                break;
            default:
                Save(action with { LimitTimer = _world.Schedule(LimitOf(declared), ApprovalLimitDue, action.Key) });
                break;
        }
    }

    private static TimeSpan LimitOf(ActionDeclaration approval) =>
        approval.TimeoutInMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : UsualApprovalLimit;

    /// <summary>
    /// "If no approval response is received within seven days …, the pipeline status becomes Failed"
    /// (https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-approve-or-reject.html). What the action shows then is not
    /// documented; nobody has answered, so that nobody is named.
    /// </summary>
    private void NotAnswered(ActionRun approval)
    {
        if (approval.Status == PipelineRun.InProgress)
        {
            Fail(
                approval,
                "ActionTimedOut",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Nobody has answered the approval within {LimitOf(DeclarationOf(approval)).TotalMinutes} minutes."
                )
            );
        }
    }

    private void Forget(ActionRun action)
    {
        if (action.LimitTimer is { } timer)
        {
            _world.Cancel(timer);
        }
    }

    private void Publish(PipelineRun run, string state) =>
        _events.Publish(
            run.Account,
            run.Region,
            "aws.codepipeline",
            "CodePipeline Pipeline Execution State Change",
            [run.PipelineArn],
            new JsonObject
            {
                ["pipeline"] = run.Declaration.Name,
                ["execution-id"] = run.Id,
                ["state"] = state,
                ["version"] = run.Declaration.Version,
            }
        );

    private static string Short(string text, int length) => text.Length <= length ? text : text[..length];
}
