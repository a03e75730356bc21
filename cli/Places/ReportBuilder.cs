using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Progress;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;
using Deployer.Spec.Expressions;
using Deployer.Spec.Steps;

namespace Deployer.Cli.Places;

/// <summary>Reads what a deployment did from what it left in the accounts: records, stacks, deployments, histories.</summary>
/// <param name="tools">The account of the deployer.</param>
/// <param name="stage">The deployer's stage.</param>
/// <param name="target">
/// The target's account, to look at what runs; <see langword="null"/> where it cannot be entered, as by an operator of the tools account.
/// </param>
/// <param name="kinds">What the kinds of steps report.</param>
internal sealed class ReportBuilder(AccountClients tools, string stage, AccountClients? target, StepKindRegistry kinds)
{
    private readonly LedgerTable _ledger = tools.Ledger(stage);

    /// <summary>Now by AWS's clock, where it is asked what runs.</summary>
    public DateTimeOffset? Now { get; init; }

    /// <summary>The steps that something happened to since a moment, in the order in which they began.</summary>
    public static IReadOnlyList<StepReport> Steps(
        ServiceAtTarget service,
        IReadOnlyList<HistoryEvent> history,
        DateTimeOffset since,
        IReadOnlyList<TaskRecord> records
    )
    {
        var spans = new Dictionary<string, StepSpan>(StringComparer.Ordinal);
        var timeline = new StepTimeline();
        var run = 0;
        foreach (var happened in history.Select(TimelineEvent.From))
        {
            run += happened.Type == "ExecutionRedriven" ? 1 : 0;
            if (timeline.Add(happened) is { } step && happened.At >= since)
            {
                spans[step] = spans.TryGetValue(step, out var span)
                    ? span.To(happened.At, run)
                    : new StepSpan(happened.At, happened.At, run, TimeSpan.Zero);
            }
        }

        return
        [
            .. spans
                .OrderBy(span => span.Value.First)
                .ThenBy(span => span.Key)
                .Select(span => new StepReport(
                    span.Key,
                    KindOf(service, span.Key, records),
                    ActionOf([.. records.Where(record => record.Step == span.Key)]),
                    span.Value.Worked.TotalSeconds
                )),
        ];
    }

    /// <summary>
    /// The kind of a step. A rollback deploys the file of then, which may have steps that the file at hand has not, or not any more: their
    /// records say it.
    /// </summary>
    private static string KindOf(ServiceAtTarget service, string step, IReadOnlyList<TaskRecord> records) =>
        service.Spec.Step(step)?.Kind ?? records.FirstOrDefault(record => record.Step == step)?.Kind ?? string.Empty;

    /// <summary>From when to when a step ran; the time until somebody redrove it is not the step's.</summary>
    private readonly record struct StepSpan(DateTimeOffset First, DateTimeOffset Last, int Run, TimeSpan Worked)
    {
        public StepSpan To(DateTimeOffset at, int run) => new(First, at, run, run == Run ? Worked + (at - Last) : Worked);
    }

    /// <summary>What a step did; one that the proof at the end found to differ has failed, whatever it had done.</summary>
    private static StepAction ActionOf(IReadOnlyList<TaskRecord> tasks) =>
        tasks.Any(task => task is { Task: Proof.Task, State: TaskState.Failed })
            ? StepAction.Failed
            : StepActions.Done([.. tasks.Where(task => task.Task != Proof.Task)]);

    /// <summary>Every step that the execution was to run, in the order of its waves, and how far each came.</summary>
    /// <param name="history">The execution's whole history.</param>
    /// <param name="ran">The steps that ran since the run began.</param>
    /// <param name="wanted">The steps that it was to run where it ended before their order was decided.</param>
    /// <param name="compared">The steps that its order was chosen from: it leaves out those that have no changes.</param>
    /// <param name="records">The records of its tasks.</param>
    public static IReadOnlyList<StepOutline> Outline(
        IReadOnlyList<HistoryEvent> history,
        IReadOnlyList<StepReport> ran,
        IReadOnlyList<string> wanted,
        IReadOnlyList<string> compared,
        IReadOnlyList<TaskRecord> records
    )
    {
        var timeline = new StepTimeline();
        foreach (var happened in history)
        {
            timeline.Add(TimelineEvent.From(happened));
        }

        return
        [
            .. (timeline.Ordered is { } ordered ? compared.Union(ordered) : wanted)
                .Union(ran.Select(step => step.Name))
                .Select(name => (Name: name, Ran: ran.FirstOrDefault(step => step.Name == name)))
                .Select(step => new StepOutline(
                    step.Name,
                    step.Ran,
                        // The timeline of the machine does not know what the proof at the end found.
                        step.Ran
                            is { Action: StepAction.Failed }
                            ? StepEnd.Failed
                        : timeline.Ends.TryGetValue(step.Name, out var end) ? end
                        : step.Ran is null && timeline.Ordered?.Contains(step.Name) == false ? StepEnd.Unchanged
                        : null,
                    step.Ran?.Action ?? ActionOf([.. records.Where(record => record.Step == step.Name)])
                )),
        ];
    }

    /// <summary>What the kinds of steps report about them.</summary>
    public async Task<IReadOnlyList<IReportPart>> Parts(
        ServiceAtTarget service,
        IReadOnlyList<StepReport> steps,
        IReadOnlyList<TaskRecord> records,
        bool isRemoved = false
    )
    {
        var account = target?.Target(service.Target.Region);
        var parts = new List<IReportPart>();
        foreach (var reported in steps)
        {
            if (service.Spec.Step(reported.Name) is not { } step)
            {
                continue;
            }

            var tasks = records.Where(record => record.Step == step.Name).ToList();
            parts.AddRange(
                await kinds
                    .Find(step.Kind)
                    .Report(
                        new ReportedStep(service.Spec, service.Target, service.Folder, step, reported.Action, tasks, account)
                        {
                            IsRemoved = isRemoved,
                        }
                    )
            );
        }

        return parts;
    }

    /// <summary>The records of a deployment's tasks.</summary>
    public Task<IReadOnlyList<TaskRecord>> Records(DeploymentId deployment) => _ledger.Query(TaskRecord.All(deployment));

    /// <summary>The record of a deployment, or <see langword="null"/> when it never got one.</summary>
    public Task<DeploymentRecord?> Deployment(DeploymentId deployment) => _ledger.Read(DeploymentRecord.Key(deployment));

    /// <summary>The notifications about a deployment or a plan; <see langword="null"/> when there are none.</summary>
    public Task<IReadOnlyList<NotificationReport>?> Notifications(DeploymentId subject) => NotificationReport.Read(_ledger, subject.Value);

    /// <summary>How many locks are held and how many tokens are kept, of all services and targets of the stage.</summary>
    public async Task<(int Locks, int Waits)> Leftovers() =>
        (
            (await _ledger.Scan(LockRecord.Everywhere)).Count(held => held.Owner is not null),
            (await _ledger.Scan(WaitRecord.Everywhere)).Count
        );

    /// <summary>What an execution did and came to.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="since">Steps that ran before are not of this run.</param>
    /// <param name="record">The deployment's record; <see langword="null"/> when it never got one.</param>
    /// <param name="service">What was deployed; <see langword="null"/> when its source is not known.</param>
    public async Task<ExecutionReading> Read(string execution, DateTimeOffset since, DeploymentRecord? record, ServiceAtTarget? service) =>
        await Read(
            await tools.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution }),
            since,
            record,
            service
        );

    /// <summary>What an execution did and came to that was described before.</summary>
    /// <param name="described">The execution.</param>
    /// <param name="since">Steps that ran before are not of this run.</param>
    /// <param name="record">The deployment's record; <see langword="null"/> when it never got one.</param>
    /// <param name="service">What was deployed; <see langword="null"/> when its source is not known.</param>
    public async Task<ExecutionReading> Read(
        DescribeExecutionResponse described,
        DateTimeOffset since,
        DeploymentRecord? record,
        ServiceAtTarget? service
    )
    {
        var execution = described.ExecutionArn;
        var id = new ExecutionArn(execution).Deployment;
        var records = await Records(id);
        var history = await History(execution);
        var ran = service is null ? [] : Steps(service, history, since, records);
        var hasFailed = described.Status != ExecutionStatus.SUCCEEDED && described.Status != ExecutionStatus.RUNNING;
        var wanted = service is null || record is null ? [] : Wanted(service, record);
        // A removal leaves out what goes with another step, which is not unchanged.
        var isCompared = record is { Purpose: DeploymentPurpose.Deploy or DeploymentPurpose.RollBack };
        var outline = Outline(history, ran, hasFailed ? wanted : [], isCompared ? wanted : [], records);
        var reading = new ExecutionReading(described, record, records, service?.Spec, outline);
        return reading with
        {
            FailedStage = await StageOf(reading, hasFailed, new ExecutionArn(execution)),
            Drift = record?.Drift is null ? [] : await _ledger.Query(DriftLook.All(id)),
            Untouched = record is null || service is null || hasFailed ? [] : await UntouchedSteps.Notices(_ledger, record, service.Spec),
            Notifications = await Notifications(id),
            SupersededBy = record is null || !hasFailed ? null : await NewerDeployment.Find(tools, stage, record),
            Parts =
                service is null ? []
                : record is null ? await Parts(service, Done(service, outline, records), records)
                : await PartsOf(service, record, outline, hasFailed, records),
        };
    }

    /// <summary>
    /// The stage that shows the failure of a deployment which a redrive has brought to its end, or is rolled back since one has failed.
    /// </summary>
    private async Task<FailedStage?> StageOf(ExecutionReading reading, bool hasFailed, ExecutionArn execution)
    {
        if (reading.Pipeline is not { } pipeline || !(hasFailed || (reading.Outcome is not null && reading.Described.RedriveCount > 0)))
        {
            return null;
        }

        var found = await FailedStage.Find(tools, pipeline, reading.PipelineExecution, execution);
        // That a pipeline shows a failure as long as there is one needs no word.
        return hasFailed && found?.TakenBy is not { IsRollback: true } ? null : found;
    }

    /// <summary>
    /// What the kinds report about the steps of a deployment: of those that it has left out or, without success, has not done, what runs.
    /// </summary>
    private async Task<IReadOnlyList<IReportPart>> PartsOf(
        ServiceAtTarget service,
        DeploymentRecord record,
        IReadOnlyList<StepOutline> outline,
        bool hasFailed,
        IReadOnlyList<TaskRecord> records
    )
    {
        var parts = new List<IReportPart>();
        foreach (var step in outline)
        {
            var kind = KindOf(service, step.Name, records);
            if (step.End == StepEnd.Unchanged)
            {
                // Without the target's account the report is of what the deployment has left in the records.
                var present = target is null ? [] : await Parts(service, [step.Report(kind)], []);
                parts.AddRange(present.Count > 0 ? present : await Runs(service, record, step.Name, []));
                continue;
            }

            var runs =
                step.End == StepEnd.Succeeded || !hasFailed
                    ? []
                    : await Runs(service, record, step.Name, [.. records.Where(task => task.Step == step.Name)]);
            parts.AddRange(
                runs.Count > 0 ? runs
                : step is { Ran: null, End: not StepEnd.Succeeded } ? []
                : await Parts(
                    service,
                    [step.Report(kind)],
                    records,
                    isRemoved: record.Purpose == DeploymentPurpose.RemoveInstance && !hasFailed
                )
            );
        }

        if (record.Purpose == DeploymentPurpose.ChangeCapacity)
        {
            parts.AddRange(await OnGroups(service, record, [.. outline.Select(step => step.Name)]));
        }

        return parts;
    }

    /// <summary>What runs on compute groups: what other steps have deployed to them.</summary>
    private async Task<IReadOnlyList<IReportPart>> OnGroups(ServiceAtTarget service, DeploymentRecord record, IReadOnlyList<string> groups)
    {
        var parts = new List<IReportPart>();
        foreach (var step in service.Spec.Steps.Where(step => kinds.Find(step.Kind).StepsWithCapacity is null))
        {
            var isOnOne = step.Expressions.SelectMany(expression => expression.References).OfType<StepOutput>().Any(IsOfGroup);
            parts.AddRange(isOnOne ? await Runs(service, record, step.Name, []) : []);
        }

        return parts;

        bool IsOfGroup(StepOutput output) => groups.Contains(output.Step);
    }

    private async Task<IReadOnlyList<IReportPart>> Runs(
        ServiceAtTarget service,
        DeploymentRecord record,
        string step,
        IReadOnlyList<TaskRecord> tasks
    )
    {
        if (target is null || service.Spec.Step(step) is not { } spec)
        {
            return [];
        }

        var released = (await _ledger.Query(ReleasedStep.All(record.Service, record.Target))).ToDictionary(
            one => one.Step,
            StringComparer.Ordinal
        );
        var account = target.Target(service.Target.Region, Now?.UtcDateTime);
        var run = Looking(service, record, account, spec, released);
        // What an earlier deployer or a person has made runs too, though no record has its outputs.
        foreach (var name in run.UnknownSteps())
        {
            if (!released.ContainsKey(name) && service.Spec.Step(name) is { } other)
            {
                released[name] = new ReleasedStep
                {
                    Step = name,
                    Deployment = record.Deployment,
                    Inputs = string.Empty,
                    Resource = string.Empty,
                    Outputs = await kinds.Find(other.Kind).ReadOutputs(Looking(service, record, account, other, released)),
                };
            }
        }

        return await kinds.Find(spec.Kind).Runs(run, tasks);
    }

    /// <summary>A look at a step: neither the account nor the folder is the run's own to close, and it writes nothing.</summary>
    private StepRun Looking(
        ServiceAtTarget service,
        DeploymentRecord record,
        TargetAccount account,
        StepSpec step,
        IReadOnlyDictionary<string, ReleasedStep> released
    ) =>
        new(
            _ledger,
            record,
            new ServiceSource(service.Folder, service.Spec, record.Digest),
            service.Target,
            account,
            released,
            new TaskRecord
            {
                Deployment = record.Deployment,
                Step = step.Name,
                Kind = step.Kind,
            },
            token: null
        );

    /// <summary>The steps that a deployment is about, as far as that is known before what runs was looked at.</summary>
    private IReadOnlyList<string> Wanted(ServiceAtTarget service, DeploymentRecord record)
    {
        if (record.Purpose == DeploymentPurpose.ChangeCapacity)
        {
            return [.. new CapacityWaves(kinds).Waves(service.Spec, record).SelectMany(wave => wave.Steps).Select(step => step.Name)];
        }

        var graph = StepGraph.Build(service.Spec);
        var known = record.Only.Where(name => service.Spec.Step(name) is not null).ToList();
        var names = (record.Only.Count == 0 ? graph : graph.Only(known))
            .Waves.SelectMany(wave => wave)
            .Select(step => step.Name)
            .Concat(record.Only.Except(known));
        return [.. record.Purpose == DeploymentPurpose.RemoveInstance ? names.Reverse() : names];
    }

    /// <summary>The steps that ran, those that only an earlier run of the execution did among them: what they left still runs.</summary>
    private static IReadOnlyList<StepReport> Done(
        ServiceAtTarget service,
        IReadOnlyList<StepOutline> outline,
        IReadOnlyList<TaskRecord> records
    ) =>
        [
            .. outline
                .Where(step => step is not { Ran: null, End: not StepEnd.Succeeded })
                .Select(step => step.Report(KindOf(service, step.Name, records))),
        ];

    /// <summary>Why deployments that have ended keep their lock and waits; empty when none does.</summary>
    public async Task<IReadOnlyList<string>> Unsettled() =>
        [
            .. (await _ledger.Query(OpenDeployment.All)).Select(open =>
                $"deployment {open.Deployment} is not settled and keeps its lock: {open.Problem ?? "no event has reported its end yet"}; "
                + "the sweep, every five minutes, tries again"
            ),
        ];

    /// <summary>An execution's whole history.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> History(string execution)
    {
        return await Pages.All(
            next =>
                tools.StepFunctions.GetExecutionHistoryAsync(
                    new GetExecutionHistoryRequest
                    {
                        ExecutionArn = execution,
                        MaxResults = 1000,
                        NextToken = next,
                    }
                ),
            answer => answer.Events,
            answer => answer.NextToken
        );
    }
}
