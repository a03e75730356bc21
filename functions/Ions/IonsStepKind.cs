using System.Text;
using System.Text.Json.Serialization;
using Amazon.CodeDeploy;
using Amazon.StepFunctions;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Steps that push ions and deploy them to a compute group.</summary>
public sealed class IonsStepKind(PushWork push, DeployWork deploy, Revisions revisions, ReleasedLibraries libraries) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "ions";

    /// <inheritdoc/>
    public PlannedAction Verb => PlannedAction.Release;

    /// <inheritdoc/>
    public IReadOnlyList<PlanPart> PlanParts => [LibraryPlan.Part, RemovedLambdas.Part];

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [push, deploy];

    /// <inheritdoc/>
    public IReadOnlyList<WatchedSource> WatchedSources => [IonEvents.Launches];

    /// <summary>The group's stack, which has its name, and its Auto Scaling groups, whose instances may be replaced.</summary>
    public async Task<IReadOnlyList<string>> Watched(StepRun run)
    {
        if (run.Evaluate(run.Step<IonsStep>().Group).Value is not { } name)
        {
            return [];
        }

        var group = new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, name);
        return
        [
            $"arn:aws:cloudformation:{run.Account.Region}:{run.Account.Account}:stack/{name}",
            .. (await group.ScalingGroupNames()).Select(scaling => IonEvents.Scaling(run.Account.Account, run.Account.Region, scaling)),
        ];
    }

    /// <inheritdoc/>
    public Task<Comparison> Compare(StepRun run, ComparisonProgress progress) => IonsComparison.Compare(run, progress);

    /// <inheritdoc/>
    public async Task<Refusal?> WhyRefused(StepRun run) =>
        await revisions.NotPromoted(run) is { } message
            ? new Refusal(message, reasons => new RevisionNotPromotedException(reasons) { RemedySubject = revisions.EarlierStage })
            : null;

    /// <inheritdoc/>
    public async Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison)
    {
        plan = plan with { Subject = run.Evaluate(run.Step<IonsStep>().Group).Value };
        if (comparison is Comparison.NoChanges)
        {
            return plan with { Action = PlannedAction.None };
        }

        plan = plan.With(LibraryPlan.Part, await libraries.Changes(run)).With(RemovedLambdas.Part, await Removed(run, plan.Subject)) with
        {
            Notices = await Reasons(run, plan.Subject, comparison),
        };
        if (await revisions.NotPromoted(run) is { } unpromoted)
        {
            return plan with { Problem = $"{nameof(RevisionNotPromotedException)}: {unpromoted}" };
        }

        if (plan.Subject is not { } group)
        {
            return plan;
        }

        var revision = Revision.Resolve(run).Name;
        var faults = await IonPreflight.Faults(run, revision);
        if (faults.Count > 0)
        {
            var error = IonPreflight.IsOff(faults) ? nameof(GroupOffException) : nameof(IonsPreflightException);
            return plan with { Problem = $"{error}: {string.Join('\n', faults)}" };
        }

        var running = await new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, group).Revisions();
        return plan with
        {
            Notices =
            [
                .. plan.Notices,
                $"revision {revision} would be deployed, one node after another",
                .. running.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => $"{node.Key} runs {node.Value}"),
            ],
            LimitMinutes = StepPlan.Minutes(DeployWork.LimitFor(running.Count)),
        };
    }

    /// <summary>
    /// The revisions that the group's instances run, by how many of them; which instances these are may change by itself.
    /// </summary>
    public async Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run)
    {
        if (run.Evaluate(run.Step<IonsStep>().Group).Value is not { } group)
        {
            return [];
        }

        var running = await new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, group).Revisions();
        var distinct = running.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return [new($"group {group}", distinct.Count == 0 ? "no instances" : $"runs {string.Join(", ", distinct)}")];
    }

    private static async Task<IReadOnlyList<string>?> Removed(StepRun run, string? group) =>
        group is null || !run.Released.ContainsKey(run.Name)
            ? null
            : await new IonLambdas(run.Account.Lambda).Removed(group, IonFiles.Config(run), DeployWork.ReleasedLambdas(run));

    /// <summary>Why the step is not left out, with every Lambda that would become another.</summary>
    private static async Task<IReadOnlyList<string>> Reasons(StepRun run, string? group, Comparison comparison)
    {
        var differences = comparison switch
        {
            Comparison.Changes changes => changes.Differences,
            Comparison.NotReadable { Cause: var cause } => [cause.Message],
            _ => [],
        };
        // Before the first release each Lambda would be made, which ion-config.edn says itself.
        if (group is null || !run.Released.ContainsKey(run.Name))
        {
            return differences;
        }

        var progress = new ComparisonProgress([], ComparisonProgress.BatchReads);
        var lambdas = await new IonLambdas(run.Account.Lambda).Differences(
            group,
            IonFiles.Config(run),
            DeployWork.ReleasedLambdas(run),
            progress
        );
        return
        [
            .. differences.Union(lambdas, StringComparer.Ordinal),
            .. progress.IsPaused ? ["there are more Lambdas, which this plan did not compare"] : Array.Empty<string>(),
        ];
    }

    /// <inheritdoc/>
    public string? ReleasedRevision(ReleasedStep released) => released.Kept<ReleasedIons>().Name;

    /// <summary>What runs in the compute group at the end; a group that was removed runs nothing.</summary>
    public async Task<IReadOnlyList<IReportPart>> Report(ReportedStep step)
    {
        if (
            step.Task(push.Task)?.Kept<PushProgress>().Name is not { } revision
            || step.Task(deploy.Task)?.Kept<DeployProgress>().Group is not { } group
        )
        {
            return [];
        }

        if (step.Account is not { } account)
        {
            return step.IsRemoved
                ? []
                :
                [
                    new RecordedIonsReport(group, revision, step.Action)
                    {
                        IsUnderway = step.IsUnderway,
                        HasBegun = step.Task(deploy.Task)?.Phase is not null,
                    },
                ];
        }

        if (await account.CloudFormation.Find(group) is null)
        {
            return [];
        }

        var config = IonApplication.Read(step.Folder, ((IonsStep)step.Step).Folder).Application!.Config;
        var runs = new IonGroup(account.CodeDeploy, account.AutoScaling, config.AppName, group);
        var execution = await new IonExecutions(account, group).NewestOf(revision);
        var code = (await runs.Deployment(revision))?.Status?.Value;
        return
        [
            new IonsReport(
                group,
                revision,
                execution?.Status?.Value,
                code?.ToUpperInvariant(),
                [.. (await runs.Revisions()).Select(run => new InstanceReport(run.Key, run.Value))],
                [.. config.Lambdas.Select(lambda => lambda.FunctionName(group))]
            )
            {
                CodeDeployWord = code,
            },
        ];
    }

    /// <summary>What the group runs, until a deploy to it has begun; from then on <see cref="Report"/> has it.</summary>
    public async Task<IReadOnlyList<IReportPart>> Runs(StepRun run, IReadOnlyList<TaskRecord> tasks) =>
        tasks.Any(task => task.Task == deploy.Task && task.Kept<DeployProgress>().Group is not null)
            ? []
            : await RunningIonsReport.Read(run);

    /// <summary>
    /// The emptied ions are deployed where their group still stands, turned on again if it was off; Datomic removes the Lambdas then.
    /// </summary>
    public async Task<StepRemoval> Removal(StepRun run)
    {
        if (
            run.Evaluate(run.Step<IonsStep>().Group).Value is not { } name
            || await run.Account.CloudFormation.Find(name) is not { StackStatus.Found: StackFound.Update }
            || await IonsComparison.Compare(run, ComparisonProgress.Whole) is Comparison.NoChanges
        )
        {
            return new StepRemoval.Nothing();
        }

        var group = new IonGroup(run.Account.CodeDeploy, run.Account.AutoScaling, IonFiles.Config(run).AppName, name);
        var stack = run.Source.Graph(run.Deployment).Steps.OfType<StackStep>().FirstOrDefault(step => run.Text(step.Stack) == name);
        return new StepRemoval.Branch(Key)
        {
            Before = stack is not null && await group.IsOff() ? [new WaveStep(stack.Name, StackStepKind.CapacityBranch)] : [],
        };
    }

    /// <summary>
    /// Ions with nothing to run. Deployed before the group's stack is deleted they make Datomic remove the group's Lambdas; otherwise
    /// their network interfaces keep the stack from being deleted for up to two hours (https://docs.datomic.com/operation/deleting.html).
    /// </summary>
    /// <exception cref="SpecInvalidException">An <c>ion-config.edn</c> is missing or wrong.</exception>
    public IEnumerable<KeyValuePair<RelativePath, byte[]>> FilesForRemoval(ServiceSource source, StepSpec step)
    {
        var application = IonFiles.Application(source, (IonsStep)step);
        return [new(application.ConfigPath, Encoding.UTF8.GetBytes(application.Config.WithoutEntryPoints()))];
    }
}

/// <summary>What runs in a compute group at the end.</summary>
public sealed record IonsReport(
    string Group,
    string Revision,
    string? DeployStatus,
    string? CodeDeployStatus,
    IReadOnlyList<InstanceReport> Instances,
    IReadOnlyList<string> Lambdas
) : IReportPart
{
    /// <summary>The list of compute groups.</summary>
    public const string List = "ions";

    private const string NotStarted = "was not started";

    /// <summary>The status of CodeDeploy's deployment as CodeDeploy itself and the causes spell it.</summary>
    [JsonIgnore]
    public string? CodeDeployWord { get; init; }

    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [
            .. InstanceLines(Group, Instances),
            .. DeployStatus == ExecutionStatus.SUCCEEDED.Value && CodeDeployStatus == DeploymentStatus.Succeeded.Value.ToUpperInvariant()
                ? Array.Empty<string>()
                :
                [
                    $"the deploy of revision {Revision}: datomic-{Group} {DeployStatus ?? NotStarted}, "
                        + $"CodeDeploy {CodeDeployWord ?? CodeDeployStatus ?? NotStarted}",
                ],
        ];

    /// <summary>A line for each revision that a group runs.</summary>
    internal static IEnumerable<string> InstanceLines(string group, IReadOnlyList<InstanceReport> instances) =>
        instances.Count == 0
            ? [$"group {group}: no instances"]
            : instances
                .GroupBy(instance => instance.Revision)
                .Select(revision =>
                    $"group {group}: revision {revision.Key} on {string.Join(", ", revision.Select(instance => instance.Id))}"
                );
}

/// <summary>The revision of a compute group as the deployer's records have it, where the group's account was not entered.</summary>
public sealed record RecordedIonsReport(string Group, string Revision, StepAction Action) : IReportPart
{
    /// <inheritdoc/>
    string IReportPart.Section => IonsReport.List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [
            $"group {Group}: "
                + Action switch
                {
                    StepAction.Failed when HasBegun => $"the deploy of revision {Revision} has not ended well",
                    StepAction.Stopped when IsUnderway => $"stopped while revision {Revision} was deployed, which goes on to its end",
                    StepAction.Stopped or StepAction.Failed => $"not changed; revision {Revision} was not deployed",
                    _ => $"revision {Revision}",
                },
        ];

    /// <summary>Whether the deploy had begun: a build, or an execution of Datomic's machine.</summary>
    [JsonIgnore]
    public bool HasBegun { get; init; }

    /// <summary>Whether Datomic was at work for the step when the deployment ended, and goes on.</summary>
    [JsonIgnore]
    public bool IsUnderway { get; init; }
}

/// <summary>An instance and the revision on it.</summary>
public sealed record InstanceReport(string Id, string Revision);
