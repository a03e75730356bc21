using System.Diagnostics;
using Amazon.CodePipeline;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;
using Deployer.Rehearsal;
using Deployer.Rehearsal.Accounts;
using Deployer.Rehearsal.People;
using Deployer.Spec;
using Interpreted = Deployer.Rehearsal.StepFunctions.Interpreter.ExecutionStatus;

namespace Deployer.Cli.Rehearsals;

/// <summary>Rehearsed accounts, prepared for one target of a service and open until they are disposed.</summary>
internal sealed class RehearsedPlace : IPlace
{
    /// <summary>Longer than any heartbeat and than the sweep's interval: what follows an end has happened after it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(6);

    private readonly WorkFolder _work;
    private readonly IProgressView _progress;
    private readonly Schedule? _schedule;
    private readonly Stopwatch _wall = Stopwatch.StartNew();
    private readonly UnderwayDeployments _underway = new();

    /// <summary>What an earlier run had begun and is shown while the accounts are prepared, and since when.</summary>
    private (string Execution, DateTimeOffset Since)? _earlier;
    private ExecutionProgress? _shown;

    public RehearsedPlace(WorkFolder work, AwsRehearsal rehearsal, RehearsedService service, IProgressView progress, Schedule? schedule)
    {
        (_work, Rehearsal, Service, _progress, _schedule) = (work, rehearsal, service, progress, schedule);
        Tools = InProcess.Clients(rehearsal.Gateway, service.Accounts.ToolsAccount, service.Accounts.Region);
        Target = InProcess.Clients(rehearsal.Gateway, service.Target.Account, service.Target.Region);
    }

    /// <summary>
    /// What the accounts belong to, where that is another folder's service of the same name; <see langword="null"/> where it is this one.
    /// </summary>
    public KeptRehearsal? OtherFolder { get; init; }

    /// <summary>
    /// The executions of machines and of pipelines that had not ended when the accounts were opened: of a run that was ended from outside.
    /// </summary>
    public IReadOnlySet<string> Unfinished
    {
        get;
        set
        {
            field = value;
            _underway.Begin(value);
        }
    } = new HashSet<string>();

    /// <summary>What kept accounts have taken over of the changes of the accounts file, and what not.</summary>
    public AccountPreparation Preparation { get; set; } = AccountPreparation.None;

    /// <summary>The simulated AWS.</summary>
    public AwsRehearsal Rehearsal { get; }

    /// <summary>The service and its target.</summary>
    public RehearsedService Service { get; set; }

    /// <summary>Clients of the tools account, as its administrator.</summary>
    public AccountClients Tools { get; }

    /// <summary>Clients of the target's account, as its administrator.</summary>
    public AccountClients Target { get; }

    /// <summary>Real time since the accounts were opened.</summary>
    public TimeSpan WallTime => _wall.Elapsed;

    /// <inheritdoc/>
    public bool OutlivesInterruption => false;

    /// <inheritdoc/>
    public string? KeptIn => _work.State;

    /// <inheritdoc/>
    public IReadOnlyList<string> Underway => _underway.Executions;

    /// <inheritdoc/>
    public IReadOnlyList<string> ServiceArguments => [Service.Folder, "--target", Service.Target.Declared];

    /// <summary>Reads what a deployment left in the accounts.</summary>
    public ReportBuilder Report =>
        new(Tools, Service.Deployer.Stage, Target, FunctionServices.Kinds(Service.Target.Declared)) { Now = Rehearsal.World.Now };

    /// <summary>Deploys the service's folder as it is now, through its pipeline; a development instance has none.</summary>
    public async Task<DeploymentReport> Deploy()
    {
        // Before the service's own commit, which is then the branch's.
        var scene = await PrepareScene();
        var commit = await Publish();
        if (Service.Target.Instance is null)
        {
            return await DeployThroughPipeline(commit, scene);
        }

        var request = Requests.For("rehearse") with { Source = await Service.Upload(Tools), Revision = commit };
        return await Start("deploy", request, scene);
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Deploy(DeploymentChoice choice)
    {
        var scene = await PrepareScene();
        var commit = await Publish();
        var request = Requests.For("deploy") with
        {
            Source = await Service.Upload(Tools),
            Revision = choice.Revision ?? commit,
            Steps = choice.Steps.Count == 0 ? null : choice.Steps,
            AcceptDrift = choice.AcceptDrift,
        };
        return await StartPlanned("deploy", request, Service.Target.Approval, scene);
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Redrive(string execution)
    {
        var scene = await PrepareScene();
        var executions = new NamedExecutions(Tools);
        // Time stands still between commands: one that was interrupted is where it was, and goes on.
        var isRunning = await executions.IsRunning(execution);
        var run = await Begin(isRunning ? execution : null);
        var people = await LetPeopleAct(scene, (began, _) => began == execution);
        if (!isRunning)
        {
            await executions.Redrive(execution);
        }

        return await ToEnd(run, execution, people);
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Rollback(string revision)
    {
        var request = Requests.Rollback(revision);
        // A rollback has the file of then: whose folder it is called with makes no difference.
        var approval = await CheckInAccounts(request);
        return await StartPlanned("rollback", request, approval, await PrepareScene());
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> ChangeCapacity(string capacity, IReadOnlyList<string> steps) =>
        await Start($"group-{capacity}", Requests.Capacity(capacity, steps), await PrepareScene());

    /// <inheritdoc/>
    public Task CheckCapacity(string capacity, IReadOnlyList<string> steps) => Check(Requests.Capacity(capacity, steps));

    /// <inheritdoc/>
    public async Task<DeploymentReport> Remove() => await Start("remove", Requests.Removal(), await PrepareScene());

    /// <inheritdoc/>
    public Task CheckRemoval() => Check(Requests.Removal());

    /// <inheritdoc/>
    public async Task<ServicePlan> Plan(string? revision = null, bool drift = false)
    {
        var commit = await Publish();
        await Observe();
        return await Plan(Requests.For("plan") with { Source = await Service.Upload(Tools), Revision = revision ?? commit, Drift = drift });
    }

    /// <inheritdoc/>
    public async Task<DeploymentReport> Decide(string plan, PlanDecision decision)
    {
        var scene = await PrepareScene();
        var ledger = Tools.Ledger(Service.Deployer.Stage);
        var found = await decision.Find(ledger, plan);
        var by = $"{await Caller()} with deployer {(decision.Approved ? "approve" : "reject")}";
        if (PipelineApprovals.AskAbout(found))
        {
            var run = await Begin();
            var people = await LetPeopleAct(scene, IsWanted);
            var answered = await decision.Make(Tools, ledger, found, by, Rehearsal.World.Now);
            return decision.Approved && found.DeployedBy is { } before
                ? PlanDecision.Before(answered, await ToEnd(run, before.Value, people))
                : await ToPipelinesEnd(run, found.Request.PipelineExecution!, commit: null, people) with
                {
                    PlanningPipeline = found.Request.Pipeline,
                };
        }

        var decided = await decision.Make(Tools, ledger, found, by, Rehearsal.World.Now);
        return decision.Approved switch
        {
            true when decided.Plan.DeployedBy is { } deployed => PlanDecision.Before(
                decided,
                await ToEnd(await Begin(), deployed.Value, people: null)
            ),
            true => await Start("deploy", PlanDecision.Deploys(decided.Plan), scene),
            false => PlanDecision.Rejected(decided, await Undeployed(await Begin(), Rehearsal.World.Now, people: null)),
        };
    }

    /// <summary>Who the commands of this place are, as on AWS.</summary>
    private async Task<string> Caller()
    {
        using var sts = Tools.Connection.Open(
            (credentials, config) => new AmazonSecurityTokenServiceClient(credentials, config),
            new AmazonSecurityTokenServiceConfig()
        );
        return (await sts.GetCallerIdentityAsync(new GetCallerIdentityRequest())).Arn.Split(':')[^1];
    }

    private async Task<ServicePlan> Plan(DeploymentRequest request)
    {
        await Rehearsal.Warm(Service.Accounts.ToolsAccount, Service.Accounts.Region, Service.Deployer.MachineName(DeployerMachine.Plan));
        var started = await Tools.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest { StateMachineArn = Service.Deployer.MachineArn(DeployerMachine.Plan), Input = request.ToJson() }
        );
        await Rehearsal.RunUntilClosed(started.ExecutionArn);
        await CheckWorld();
        return await PlanResult.Read(Tools, started.ExecutionArn);
    }

    /// <summary>The report of a run that deployed nothing, with what people did of the schedule and which faults struck.</summary>
    private Task<DeploymentReport> Undeployed(RehearsedRun run, DateTimeOffset ended, ScheduledPeople? people) =>
        WithEvents(run.Result(null, ended, pipeline: null), people);

    /// <summary>A report with what people did of the schedule and which faults struck.</summary>
    private async Task<DeploymentReport> WithEvents(Task<DeploymentReport> result, ScheduledPeople? people)
    {
        await CheckWorld();
        var faults = await Rehearsal.FaultReports();
        return await result with { People = people is null ? null : await people.Reports(), Faults = faults.Count == 0 ? null : faults };
    }

    /// <summary>
    /// What the rehearsal itself failed at has ended as if it had failed on AWS, and the accounts can be used again; but what came of the
    /// run is not what AWS would have made of it.
    /// </summary>
    /// <exception cref="RehearsalFailedException">The rehearsal itself failed at something.</exception>
    private async Task CheckWorld()
    {
        if (await Rehearsal.World.Do(() => Rehearsal.World.Problems.ToList()) is { Count: > 0 } problems)
        {
            throw new RehearsalFailedException(problems);
        }
    }

    /// <summary>
    /// Deploys; to a target that needs approvals by a plan, which is deployed at once if nobody has to approve it, and otherwise waits
    /// for the people of the schedule.
    /// </summary>
    private async Task<DeploymentReport> StartPlanned(string what, DeploymentRequest request, ApprovalSpec? approval, PeopleScene? scene)
    {
        if (approval is null)
        {
            return await Start(what, request, scene);
        }

        var run = await Begin();
        // They may decide about the plan.
        var people = await LetPeopleAct(scene, IsWanted);
        var plan = await Plan(PlannedDeployment.WithApproval(request));
        if (PlannedDeployment.WithoutApproval(request, plan) is { } planned)
        {
            return await Start(what, planned, scene, people);
        }

        return people is not null && plan.Problems == 0
            ? await Decided(plan, run, people)
            : PlannedDeployment.Waiting(
                plan,
                await Undeployed(run, Rehearsal.World.Now, people),
                await Report.Notifications(new ExecutionArn(plan.Plan!).Deployment)
            );
    }

    /// <summary>What became of a plan that waits, when the people of the schedule have done what they do.</summary>
    private async Task<DeploymentReport> Decided(ServicePlan plan, RehearsedRun run, ScheduledPeople people)
    {
        var ended = await people.RunToEnd(Rehearsal, Aftermath) ?? Rehearsal.World.Now;
        if (await people.OwnDeployment() is { } execution)
        {
            return await ToEnd(run, execution, ended, pipeline: null, people);
        }

        var id = new ExecutionArn(plan.Plan!).Deployment;
        var report = await Undeployed(run, ended, people);
        var ledger = Tools.Ledger(Service.Deployer.Stage);
        return await ledger.Read(PlanRecord.Key(id)) is { } record && await ApprovalRecord.Find(ledger, record) is { Approved: false }
            ? PlannedDeployment.Rejected(plan.Plan!, plan.Digest, report)
            : PlannedDeployment.Waiting(plan, report, await Report.Notifications(id));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Tools.Dispose();
        Target.Dispose();
        await Rehearsal.DisposeAsync();
        _work.Dispose();
    }

    /// <exception cref="InvalidInputException">
    /// There is no such pipeline, or it waits for an approval, and this run would wait behind it.
    /// </exception>
    private async Task<DeploymentReport> DeployThroughPipeline(string commit, PeopleScene? scene)
    {
        var (account, region, name) = (Service.Accounts.ToolsAccount, Service.Accounts.Region, Service.Accounts.Pipeline);
        if (!await Rehearsal.HasPipeline(account, region, name))
        {
            throw new InvalidInputException(
                "PipelineMissing",
                $"'pipeline' of {RehearsedService.AccountsPath} is {name}, and no stack of the accounts has made one of this name in "
                    + $"account {account}, {region}; expected the name of one that a stack in the file makes"
            );
        }

        if (await Rehearsal.WaitingApproval(account, region, name) is { HoldsOthers: true, External: [{ } plan, ..] })
        {
            throw new InvalidInputException(
                "ApprovalWaits",
                $"the pipeline {name} waits until somebody decides about plan {plan}, and another run would wait behind it; expected "
                    + "'deployer approve' or 'deployer reject' of that plan first"
            );
        }

        var run = await Begin();
        var people = await LetPeopleAct(scene, IsWanted);
        return await ToPipelinesEnd(run, await Rehearsal.StartPipeline(account, region, name), commit, people);
    }

    /// <summary>
    /// Runs an execution of the pipeline until it has ended, or waits for a manual approval that nobody of the schedule answers.
    /// </summary>
    private async Task<DeploymentReport> ToPipelinesEnd(RehearsedRun run, string pipelineExecution, string? commit, ScheduledPeople? people)
    {
        var (account, region, name) = (Service.Accounts.ToolsAccount, Service.Accounts.Region, Service.Accounts.Pipeline);
        var action = await Rehearsal.ContinuePipeline(account, region, name, pipelineExecution);
        while (action is { WaitsForApproval: true } && people is not null)
        {
            // They may answer it, and do what else they do meanwhile.
            var asked = await Asked();
            await people.RunToEnd(Rehearsal, Aftermath);
            if (await Asked() == asked)
            {
                break;
            }

            action = await Rehearsal.ContinuePipeline(account, region, name, pipelineExecution);
        }

        if (action is { ExternalExecutionId: { } plan } and ({ WaitsForApproval: true } or { WasRejected: true }))
        {
            var planned = await PlanResult.Read(Tools, plan);
            var undeployed = await Undeployed(run, Rehearsal.World.Now, people);
            return action.WasRejected
                ? PlannedDeployment.Rejected(plan, planned.Digest, undeployed)
                : PlannedDeployment.Waiting(planned, undeployed, await Report.Notifications(new ExecutionArn(plan).Deployment));
        }

        var pipeline = new PipelineReport(
            action?.Status == ActionExecutionStatus.Succeeded ? "succeeded" : "failed",
            action?.JobId ?? string.Empty,
            action?.Summary,
            action?.Variables ?? new Dictionary<string, string>()
        );
        var execution = action?.ExternalExecutionId;
        if (execution is not null)
        {
            // A pipeline gives its job up after 20 minutes without an answer, whether the execution has closed or not;
            // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html. The run ends with the later of the two.
            await Rehearsal.RunUntilClosed(execution);
        }

        var report = await ToEnd(run, execution, Rehearsal.World.Now, pipeline, people);
        return commit is null ? report : report with { Revision = commit };

        async Task<(string? Execution, string? Action)> Asked() =>
            await Rehearsal.WaitingApproval(account, region, name) is { } waiting ? (waiting.Execution, waiting.Action) : default;
    }

    private ServiceRequests Requests => new(Service.AtTarget, command => $"deployer {command}");

    private async Task<PeopleScene?> PrepareScene() =>
        _schedule is null ? null : await ServiceSchedule.OpenScene(_schedule, Service, _work.Path);

    private Task<string> Publish() => Service.Publish(Rehearsal, _work.Path);

    private async Task<DeploymentReport> Start(string what, DeploymentRequest request, PeopleScene? scene, ScheduledPeople? present = null)
    {
        var run = await Begin();
        if (present is not null)
        {
            await Observe(new PeopleWatch(present));
        }

        var name = $"{Service.Spec.Service}-{Service.Target.Name}-{what}-{run.Began.ToUnixTimeSeconds()}";
        var people = present ?? await LetPeopleAct(scene, (began, _) => new ExecutionArn(began).Deployment.Value == name);
        var started = await Tools.StepFunctions.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = Service.Deployer.MachineArn(DeployerMachine.Deploy),
                Name = name,
                Input = request.ToJson(),
            }
        );
        return await ToEnd(run, started.ExecutionArn, people);
    }

    /// <summary>Refuses what <c>Begin</c> would refuse, before anything is started.</summary>
    /// <exception cref="InvalidInputException">The request names something that does not exist.</exception>
    private async Task<ApprovalSpec?> Check(DeploymentRequest request)
    {
        try
        {
            return await CheckInAccounts(request);
        }
        catch (InvalidInputException fault) when (OtherFolder is { } other)
        {
            throw new InvalidInputException(
                fault.Error,
                $"{fault.Message}\n--state {_work.State} holds the accounts of {other.Folder}, a service of the same name as "
                    + $"{Service.Folder}; expected that folder, or another --state",
                fault
            );
        }
    }

    private Task<ApprovalSpec?> CheckInAccounts(DeploymentRequest request) =>
        RequestCheck.Check(Service.Deployer.Settings(Service.Target.Account), Tools.Connection, request);

    /// <param name="continued">The execution that the run itself continues; <see langword="null"/> for none.</param>
    private async Task<RehearsedRun> Begin(string? continued = null)
    {
        var running = (await Rehearsal.Executions())
            .Where(known => known.Status == Interpreted.Running)
            .OrderBy(known => known.StartedAt)
            .ToList();
        _underway.Begin(running.Select(known => known.Arn));
        var deploys = Service.Deployer.MachineName(DeployerMachine.Deploy);
        // It goes on first, as what runs and waits does: a lock, a pipeline's stage.
        var earlier = running.Find(known => known.MachineName == deploys && Unfinished.Contains(known.Arn));
        if (continued is null && earlier is not null && _earlier == (earlier.Arn, Rehearsal.World.Now))
        {
            return await RehearsedRun.Begin(this);
        }

        await Observe();
        if ((continued ?? earlier?.Arn) is { } execution)
        {
            await Show(execution, isEarlier: continued is null);
        }

        return await RehearsedRun.Begin(this);
    }

    /// <summary>
    /// Shows what an earlier run had begun and goes on while the accounts are prepared, which may take half an hour of simulated time.
    /// </summary>
    public async Task ShowUnfinished()
    {
        if (Underway is [var execution, ..])
        {
            await Observe();
            await Show(execution, isEarlier: true);
            _earlier = (execution, Rehearsal.World.Now);
        }
    }

    private async Task Show(string execution, bool isEarlier) =>
        _shown!.Continue(execution, (await Rehearsal.History(execution)).Select(TimelineEvent.From), isEarlier);

    /// <summary>Shows what executions do from now on; to people of a schedule, who see it besides.</summary>
    private Task Observe(PeopleWatch? people = null)
    {
        var progress = people is not null && _shown is not null ? _shown : new ExecutionProgress(_progress, Rehearsal.World.Now);
        _shown = progress;
        return Rehearsal.Observe(
            (execution, happened) =>
            {
                var seen = TimelineEvent.From(happened);
                _underway.Add(execution, seen);
                progress.Add(execution, seen);
                people?.Add(execution, happened);
            }
        );
    }

    /// <summary>
    /// Whether an execution was wanted by the pipeline, and not by the deployer itself, which removes what has expired and
    /// deploys again what others have changed.
    /// </summary>
    private static bool IsWanted(string execution, string? input) => DeploymentRequest.FromJson(input) is { Expired: null, After: null };

    /// <summary>Lets the people of the schedule act from now on.</summary>
    private async Task<ScheduledPeople?> LetPeopleAct(PeopleScene? scene, OwnDeployment isOwn)
    {
        if (scene is null)
        {
            return null;
        }

        try
        {
            var people = await ScheduledPeople.Begin(Rehearsal, _schedule!, scene, isOwn);
            await Observe(new PeopleWatch(people));
            return people;
        }
        catch (ScheduleException exception)
        {
            throw new InvalidInputException(ServiceSchedule.Invalid, exception.Message);
        }
    }

    private async Task<DeploymentReport> ToEnd(RehearsedRun run, string execution, ScheduledPeople? people)
    {
        await Rehearsal.RunUntilClosed(execution);
        return await ToEnd(run, execution, Rehearsal.World.Now, pipeline: null, people);
    }

    private async Task<DeploymentReport> ToEnd(
        RehearsedRun run,
        string? execution,
        DateTimeOffset ended,
        PipelineReport? pipeline,
        ScheduledPeople? people
    )
    {
        await Rehearsal.Pass(Aftermath);
        var redriven = false;
        if (people is not null)
        {
            ended = await people.RunToEnd(Rehearsal, Aftermath) ?? ended;
            redriven = execution is not null && await people.WasRedriven(execution);
        }

        await Rehearsal.RunUntilBuildsEnd();
        return await WithEvents(run.Result(execution, ended, pipeline, redriven), people);
    }
}
