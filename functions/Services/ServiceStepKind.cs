using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Services;

/// <summary>Steps that replace the tasks of an ECS service.</summary>
public sealed class ServiceStepKind(ServiceWork work) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "service";

    /// <inheritdoc/>
    public PlannedAction Verb => PlannedAction.Release;

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [work];

    /// <inheritdoc/>
    public IReadOnlyList<WatchedSource> WatchedSources => [ServiceEvents.Ended];

    /// <summary>
    /// The service, to which somebody may deploy another task definition, and the stack that made it, whose update may do so.
    /// </summary>
    public async Task<IReadOnlyList<string>> Watched(StepRun run) =>
        await ServiceEvents.Watched(run, (await EcsServices.Find(run)).ServiceArn);

    /// <summary>Whether the service runs what the step wants, and its last deployment was completed.</summary>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        var unknown = run.UnknownReferences().Where(reference => reference != Spec.Expressions.CommitRevision.Written).ToList();
        if (unknown.Count > 0)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        try
        {
            var service = await EcsServices.Find(run);
            var (wanted, _, _) = await work.Compare(run, service);
            var primary = service.Primary();
            IReadOnlyList<string> notices =
            [
                .. service.DesiredCount is null or 0 ? [ServiceWork.NoTasks(service)] : Array.Empty<string>(),
                .. ServiceImage.Unresolved(run, wanted.Request.ContainerDefinitions),
            ];
            var state = primary.RolloutState?.Value;
            return wanted.Differences.Count > 0 ? new Comparison.Changes(wanted.Differences) { Notices = notices }
                : state is null or "COMPLETED" ? new Comparison.NoChanges { Notices = notices }
                : new Comparison.Changes($"deployment {primary.Id} of service {service.ServiceName} is {state}") { Notices = notices };
        }
        catch (DeployerException exception) when (exception is ServiceRefusedException or ImageMissingException or SpecInvalidException)
        {
            return new Comparison.NotReadable(exception);
        }
    }

    /// <inheritdoc/>
    public Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison)
    {
        plan = plan with { Subject = run.Evaluate(run.Step<ServiceStep>().Service).Value };
        return Task.FromResult(
            comparison switch
            {
                Comparison.KnownAfterApply => plan,
                Comparison.NotReadable unreadable => plan with { Problem = $"{unreadable.Cause.Error}: {unreadable.Cause.Message}" },
                Comparison.Changes changes => plan with
                {
                    Notices = [.. changes.Differences, .. changes.Notices],
                    LimitMinutes = StepPlan.Minutes(work.Limit(run)),
                },
                _ => plan with { Action = PlannedAction.None, Notices = comparison.Notices },
            }
        );
    }

    /// <summary>The task definition that the service runs.</summary>
    public async Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run)
    {
        if (run.Evaluate(run.Step<ServiceStep>().Service).Value is null || run.Evaluate(run.Step<ServiceStep>().Cluster).Value is null)
        {
            return [];
        }

        var service = await EcsServices.Find(run);
        return [new($"service {service.ServiceName}", $"runs {service.TaskDefinition}")];
    }

    /// <summary>The revision that runs, and its image.</summary>
    public Task<IReadOnlyList<IReportPart>> Report(ReportedStep step) =>
        Task.FromResult<IReadOnlyList<IReportPart>>(
            step.Task(work.Task) is { State: TaskState.Succeeded } task
            && task.Kept<ServiceProgress>() is { Definition: { } definition } kept
                ?
                [
                    new ServiceReport(
                        step.Step.Name,
                        WantedDefinition.Name(definition),
                        kept.Image ?? string.Empty,
                        task.Action ?? StepAction.None
                    ),
                ]
            : step is { Account: null }
            && step.Task(work.Task) is { State: not TaskState.Succeeded } undone
            && undone.Kept<ServiceProgress>().Definition is { } begun
                ? [new RecordedRolloutReport(ServiceReport.List, step.Step.Name, WantedDefinition.Name(begun), step.Action)]
            : []
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReportPart>> Runs(StepRun run, IReadOnlyList<TaskRecord> tasks) => RunningServiceReport.Read(run);

    /// <summary>The service goes with the stack that made it.</summary>
    public Task<StepRemoval> Removal(StepRun run) => System.Threading.Tasks.Task.FromResult<StepRemoval>(new StepRemoval.Nothing());
}

/// <summary>A revision whose deployment the deployer's records have not ended, where the target's account was not entered.</summary>
/// <param name="List">The list that it is of.</param>
/// <param name="Step">The step.</param>
/// <param name="TaskDefinition">The revision, as <c>family:revision</c>.</param>
/// <param name="Action">That the step failed, or was stopped.</param>
public sealed record RecordedRolloutReport([property: JsonIgnore] string List, string Step, string TaskDefinition, StepAction Action)
    : IReportPart
{
    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [
            Action == StepAction.Stopped
                ? $"{Step}: stopped before the end of the deployment of {TaskDefinition}; what ECS has begun goes on"
                : $"{Step}: the deployment of {TaskDefinition} has not ended well",
        ];
}

/// <summary>The revision of a task definition that a step's ECS service runs.</summary>
public sealed record ServiceReport(string Step, string TaskDefinition, string Image, StepAction Action) : IReportPart
{
    /// <summary>The list of services.</summary>
    public const string List = "services";

    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines => [$"{Step}: {TaskDefinition} ({Action.Words()}), image {Image}"];
}
