using System.Security.Cryptography;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Spec;

namespace Deployer.Cli.AwsAccounts;

/// <summary>
/// The deployer of a stage in an account on AWS. What it starts goes on by itself: whoever stops watching has stopped nothing.
/// </summary>
internal sealed class AwsPlace : IPlace
{
    private static readonly TimeSpan PipelineInterval = TimeSpan.FromSeconds(1.5);

    private readonly AwsAccess _access;
    private readonly AwsFaults _faults;
    private readonly ServiceAtTarget? _service;
    private readonly AccountClients _tools;
    private readonly IProgressView _progress;
    private readonly CancellationToken _cancellation;

    private AwsPlace(AwsAccess access, string stage, ServiceAtTarget? service, IProgressView progress, CancellationToken cancellation)
    {
        (_access, Stage, _service, _progress, _cancellation) = (access, stage, service, progress, cancellation);
        _faults = new AwsFaults(access.Settings);
        _tools = new AccountClients(access.Connection, access.Account);
    }

    /// <summary>The deployer's stage.</summary>
    public string Stage { get; }

    /// <summary>Whether what is started is left to itself at once.</summary>
    public bool IsDetached { get; init; }

    /// <inheritdoc/>
    public bool OutlivesInterruption => true;

    /// <inheritdoc/>
    public string? KeptIn => null;

    /// <inheritdoc/>
    public IReadOnlyList<string> ServiceArguments => [];

    private DeployerStage Deployer => _tools.Deployer(Stage);

    private Settings Settings => _service is null ? Deployer.Settings() : Deployer.Settings(_service.Target.Account);

    private ServiceAtTarget Service => _service ?? throw new InvalidOperationException("no service was named");

    /// <summary>Enters the deployer that a service's target has.</summary>
    /// <param name="service">The service and its target.</param>
    /// <param name="settings">How its account is entered.</param>
    /// <param name="detached">Whether what is started is left to itself at once.</param>
    /// <param name="progress">Where progress is shown.</param>
    /// <param name="cancellation">Ends watching.</param>
    /// <exception cref="InvalidInputException">The account cannot be entered, or there is no such deployer in it.</exception>
    public static async Task<AwsPlace> Open(
        ServiceAtTarget service,
        AwsSettings settings,
        bool detached,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var stage = settings.Stage ?? DeployerStage.OfTarget(service.Target.Declared);
        progress.Report(new ProgressEvent.WorkBegan($"looking for the deployer of stage {stage}"));
        var access = await AwsAccess.Open(settings, cancellation);
        var place = new AwsPlace(access, stage, service, progress, cancellation) { IsDetached = detached };
        await place.CheckDeployer();
        return place;
    }

    /// <summary>Enters the deployer of an execution.</summary>
    /// <inheritdoc cref="Open"/>
    public static async Task<AwsPlace> OpenFor(
        DeployerExecution execution,
        AwsSettings settings,
        bool detached,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        if (settings.Stage is { } stage && stage != execution.Stage)
        {
            throw new InvalidInputException(
                "OptionsInvalid",
                $"--stage is {stage}, and {execution.Arn} is of the deployer of stage {execution.Stage}; expected that one, or no --stage"
            );
        }

        progress.Report(new ProgressEvent.WorkBegan($"looking for the deployer of stage {execution.Stage}"));
        var access = await AwsAccess.Open(settings with { Region = settings.Region ?? execution.Region }, cancellation);
        if (access.Account != execution.Account || access.Region != execution.Region)
        {
            throw new InvalidInputException(
                "WrongAccount",
                $"the execution is in account {execution.Account}, {execution.Region}, and the credentials are of account "
                    + $"{access.Account}, {access.Region}; expected --profile of the deployer's account"
            );
        }

        var place = new AwsPlace(access, execution.Stage, null, progress, cancellation) { IsDetached = detached };
        await place.CheckDeployer();
        return place;
    }

    /// <summary>Enters the deployer of a plan that its id alone names: in the account and region of the credentials.</summary>
    /// <inheritdoc cref="Open"/>
    public static async Task<AwsPlace> OpenForPlan(
        string id,
        AwsSettings settings,
        bool detached,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var stage =
            settings.Stage
            ?? throw new InvalidInputException(
                "PlanInvalid",
                $"'{id}' is the id of a plan, and does not say of which deployer; expected --stage STAGE beside it, or the plan's "
                    + "whole ARN: arn:aws:states:REGION:ACCOUNT:execution:deployer-STAGE-plan:NAME"
            );
        progress.Report(new ProgressEvent.WorkBegan($"looking for the deployer of stage {stage}"));
        var access = await AwsAccess.Open(settings, cancellation);
        var place = new AwsPlace(access, stage, null, progress, cancellation) { IsDetached = detached };
        await place.CheckDeployer();
        return place;
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Deploy(DeploymentChoice choice)
    {
        if (choice.Revision is null)
        {
            RefuseMissingRevision(choice.Steps);
        }

        var source = await Upload();
        return await StartPlanned(
            "deploy",
            Requests.For("deploy") with
            {
                Source = source,
                Revision = choice.Revision,
                Steps = choice.Steps.Count == 0 ? null : choice.Steps,
                AcceptDrift = choice.AcceptDrift,
            },
            Service.Target.Approval
        );
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Redrive(string execution)
    {
        var before = await Asked(() => Describe(execution));
        await Asked(() => new NamedExecutions(_tools).Redrive(execution));
        return await Follow(execution, (before.RedriveCount ?? 0) + 1);
    }

    /// <summary>Watches an execution to its end, or shows what it came to.</summary>
    /// <param name="execution">The execution's ARN.</param>
    public async Task<DeploymentReport> Watch(string execution) =>
        await Follow(execution, (await Asked(() => Describe(execution))).RedriveCount ?? 0);

    /// <summary>Stops an execution, and waits until nothing waits for it any more.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="reason">Why.</param>
    /// <exception cref="InvalidInputException">There is none, or it has ended already.</exception>
    public async Task<DeploymentReport> Stop(string execution, string? reason)
    {
        var before = await Asked(() => Describe(execution));
        var stop = new DeploymentStop(_access, _tools, Stage, _progress);
        try
        {
            await Asked(() => stop.Stop(execution, reason, _cancellation));
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested && stop.HasStopped)
        {
            return Running(execution, fault: null, hasEnded: true);
        }

        return await Follow(execution, before.RedriveCount ?? 0, hasEnded: true);
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Rollback(string revision)
    {
        var request = Requests.Rollback(revision);
        // The file at hand is not all that says who is asked: so do the last deployment, and the file that is deployed again.
        return await StartPlanned("rollback", request, await Check(request));
    }

    /// <inheritdoc/>
    public Task<DeploymentReport> ChangeCapacity(string capacity, IReadOnlyList<string> steps) =>
        Start($"group-{capacity}", Requests.Capacity(capacity, steps));

    /// <inheritdoc/>
    public Task CheckCapacity(string capacity, IReadOnlyList<string> steps) => Check(Requests.Capacity(capacity, steps));

    /// <inheritdoc/>
    public Task<DeploymentReport> Remove() => Start("remove", Requests.Removal());

    /// <inheritdoc/>
    public Task CheckRemoval() => Check(Requests.Removal());

    /// <inheritdoc/>
    public async Task<ServicePlan> Plan(string? revision = null, bool drift = false)
    {
        var source = await Upload();
        return await Plan(Requests.For("plan") with { Source = source, Revision = revision, Drift = drift });
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Decide(string plan, PlanDecision decision)
    {
        var by = _access.Asker(decision.Approved ? "approve" : "reject");
        var ledger = _tools.Ledger(Stage);
        var decided = await Asked(async () => await decision.Make(_tools, ledger, await decision.Find(ledger, plan), by, _access.Now));
        if (!decision.Approved)
        {
            return PlanDecision.Rejected(decided, Undeployed(decided.Plan.Request));
        }

        if (decided.Plan.DeployedBy is { } deployed)
        {
            return PlanDecision.Before(decided, await Watch(deployed.Value));
        }

        if (decided.Answered is { } answered)
        {
            return await FollowPipeline(decided.Plan, answered);
        }

        var request = PlanDecision.Deploys(decided.Plan);
        var name = $"{request.Service}-{request.Parse().Subject.TargetName}";
        return await Follow(await StartMachine(DeployerMachine.Deploy, name, "deploy", request), 0);
    }

    /// <summary>Refuses what <c>Begin</c> would refuse, before anything is uploaded.</summary>
    private void RefuseMissingRevision(IReadOnlyList<string> steps)
    {
        if (Service.Spec.NeedsRevision(Service.Target.StepsFor(steps)) is { Count: > 0 } faults)
        {
            throw new InvalidInputException("RevisionMissing", string.Join('\n', faults));
        }
    }

    /// <summary>
    /// Watches a pipeline that goes on after an approval until it deploys the plan, and then the deployment: the deployer itself records
    /// which one that is.
    /// </summary>
    private async Task<DeploymentReport> FollowPipeline(PlanRecord plan, WaitingAction approved)
    {
        _progress.Report(new ProgressEvent.WorkBegan($"waiting for the pipeline {approved.Pipeline} to deploy"));
        var (ledger, pipelines) = (_tools.Ledger(Stage), new PipelineApprovals(_tools));
        try
        {
            while (true)
            {
                if ((await ledger.Read(PlanRecord.Key(plan.Plan)))?.DeployedBy is { } deployed)
                {
                    return await Follow(deployed.Value, 0);
                }

                if (await pipelines.Failure(plan, approved) is { } failure)
                {
                    return Undeployed(plan.Request) with
                    {
                        Verdict = Verdict.Failed,
                        Error = "PipelineFailed",
                        Cause = failure,
                        PlanningPipeline = approved.Pipeline,
                        Plan = new PlanReport(plan.Execution.Value, plan.Digest),
                    };
                }

                await Task.Delay(PipelineInterval, _cancellation);
            }
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return Unseen(fault: null);
        }
        catch (Exception exception) when (_faults.Explain(exception) is { } fault)
        {
            return Unseen(fault);
        }

        DeploymentReport Unseen(InvalidInputException? fault) =>
            Undeployed(plan.Request) with
            {
                Verdict = Verdict.Running,
                Error = fault?.Error,
                Cause = fault?.Message,
                IsInterrupted = fault is null,
                Plan = new PlanReport(plan.Execution.Value, plan.Digest),
            };
    }

    private async Task<ServicePlan> Plan(DeploymentRequest request)
    {
        var execution = await StartMachine(DeployerMachine.Plan, "plan", request);
        return await Asked(async () =>
        {
            await Watcher(execution).ToEnd(0, _cancellation);
            return await PlanResult.Read(_tools, execution, _cancellation);
        });
    }

    /// <summary>Deploys; to a target that needs approvals by a plan, which is deployed at once only if nobody has to approve it.</summary>
    private async Task<DeploymentReport> StartPlanned(string what, DeploymentRequest request, ApprovalSpec? approval)
    {
        if (approval is null)
        {
            return await Start(what, request);
        }

        var plan = await Plan(PlannedDeployment.WithApproval(request));
        if (PlannedDeployment.WithoutApproval(request, plan) is { } planned)
        {
            return await Start(what, planned);
        }

        var notifications = await Asked(() => NotificationReport.Read(_tools.Ledger(Stage), new ExecutionArn(plan.Plan!).Deployment.Value));
        return PlannedDeployment.Waiting(plan, Undeployed(request), notifications);
    }

    private DeploymentReport Undeployed(DeploymentRequest request) =>
        new()
        {
            Verdict = Verdict.WaitingForApproval,
            Service = request.Service,
            Target = request.Parse().Subject.TargetName,
            Aws = new AwsRun(Stage, null, null, default, null, 0, null, false, null),
            Clock = new ClockReport(0, 0),
        };

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _tools.Dispose();
        return ValueTask.CompletedTask;
    }

    private ExecutionWatch Watcher(string execution) => new(_tools, Stage, execution, _faults, _progress);

    private ServiceRequests Requests => new(Service, _access.Asker);

    private Task<ApprovalSpec?> Check(DeploymentRequest request) => Asked(() => RequestCheck.Check(Settings, _access.Connection, request));

    private Task<DescribeExecutionResponse> Describe(string execution) => Watcher(execution).Describe(_cancellation);

    private async Task<SourceObject> Upload()
    {
        _progress.Report(new ProgressEvent.WorkBegan("uploading the service"));
        var source = await Asked(() => SourceUpload.Upload(_tools, Deployer.Bucket, Service.Folder, _cancellation));
        _progress.Report(new ProgressEvent.WorkEnded($"uploaded s3://{source.Bucket}/{source.Key}"));
        return source;
    }

    /// <summary>The fault of a deployer that does not exist.</summary>
    public static InvalidInputException NotFound(AwsAccess access, string stage) =>
        new(
            "DeployerNotFound",
            $"account {access.Account} has no deployer of stage '{stage}' in {access.Region} (no state machine "
                + $"{new DeployerStage(stage, access.Account, access.Region).MachineName(DeployerMachine.Deploy)}); "
                + "expected --profile, --region and --stage of one that is installed"
        );

    private async Task CheckDeployer() =>
        await Asked(async () =>
        {
            try
            {
                return await _tools.StepFunctions.DescribeStateMachineAsync(
                    new DescribeStateMachineRequest { StateMachineArn = Deployer.MachineArn(DeployerMachine.Deploy) },
                    _cancellation
                );
            }
            catch (StateMachineDoesNotExistException)
            {
                throw NotFound(_access, Stage);
            }
        });

    private async Task<DeploymentReport> Start(string what, DeploymentRequest request) =>
        await Follow(await StartMachine(DeployerMachine.Deploy, what, request), 0);

    /// <summary>Starts a machine. The name is given by this side, so that the SDK's second try starts nothing twice.</summary>
    private Task<string> StartMachine(DeployerMachine machine, string what, DeploymentRequest request) =>
        StartMachine(machine, $"{Service.Spec.Service}-{Service.Target.Name}", what, request);

    private async Task<string> StartMachine(DeployerMachine machine, string subject, string what, DeploymentRequest request)
    {
        var name = Names.Execution($"{subject}-{what}-{RandomNumberGenerator.GetHexString(12, lowercase: true)}");
        _cancellation.ThrowIfCancellationRequested();
        // Not to be interrupted: whether it was started would not be known, and a person would leave without its name.
        var started = await Asked(() =>
            _tools.StepFunctions.StartExecutionAsync(
                new StartExecutionRequest
                {
                    StateMachineArn = Deployer.MachineArn(machine),
                    Name = name,
                    Input = request.ToJson(),
                }
            )
        );
        return started.ExecutionArn;
    }

    /// <summary>Watches an execution to its end, unless it is left before; it never ends with that.</summary>
    private async Task<DeploymentReport> Follow(string execution, int redrives, bool hasEnded = false)
    {
        if (IsDetached)
        {
            return Running(execution, null);
        }

        try
        {
            var seen = await Watcher(execution).ToEnd(redrives, _cancellation);
            hasEnded = true;
            return await new AwsReports(_tools, Stage, Settings).Read(execution, seen, redrives, _cancellation);
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return Running(execution, null, hasEnded);
        }
        catch (Exception exception) when (_faults.Explain(exception) is { } fault)
        {
            return Running(execution, fault);
        }
    }

    private DeploymentReport Running(string execution, InvalidInputException? fault, bool hasEnded = false) =>
        new()
        {
            Verdict = Verdict.Running,
            Error = fault?.Error,
            Cause = fault?.Message,
            Service = _service?.Spec.Service,
            Target = _service?.Target.Name,
            Deployment = execution,
            IsInterrupted = !IsDetached && fault is null,
            HasEndedUnread = hasEnded && fault is null,
            Aws = new AwsRun(Stage, null, null, default, null, 0, null, false, null),
            Clock = new ClockReport(0, 0),
        };

    /// <summary>A request before anything was started: what a person can mend is refused as input.</summary>
    private Task<T> Asked<T>(Func<Task<T>> ask) => _faults.Translated(ask);

    /// <inheritdoc cref="Asked{T}"/>
    private Task Asked(Func<Task> ask) => _faults.Translated(ask);
}
