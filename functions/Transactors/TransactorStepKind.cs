using System.Globalization;
using Amazon.ECS;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Datomic;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>Steps that replace the transactors of a Datomic Pro system on Fargate.</summary>
public sealed class TransactorStepKind(ReplaceStandbyWork standby, ReplaceActiveWork active, WatchWork watch) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "transactor";

    /// <inheritdoc/>
    public PlannedAction Verb => PlannedAction.Release;

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [standby, active, watch];

    /// <inheritdoc/>
    public IReadOnlyList<WatchedSource> WatchedSources => [ServiceEvents.Ended];

    /// <summary>Both services, and the stacks that made them, whose update may give them another task definition.</summary>
    public async Task<IReadOnlyList<string>> Watched(StepRun run)
    {
        var parts = await TransactorParts.FindServices(run);
        return await ServiceEvents.Watched(run, [.. parts.All.Select(part => part.Service.ServiceArn)]);
    }

    /// <summary>Whether both services, or the one that is up, run what the step wants.</summary>
    public async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        if (run.UnknownReferences() is { Count: > 0 } unknown)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        try
        {
            var parts = await TransactorParts.FindServices(run);
            var differences = await Differences(run, parts);
            return differences.Count == 0 ? new Comparison.NoChanges() : new Comparison.Changes(differences);
        }
        catch (ServiceRefusedException exception)
        {
            return new Comparison.NotReadable(exception);
        }
    }

    /// <summary>
    /// The task definitions that both services run, and how many tasks they are to have; which one is active changes by itself.
    /// </summary>
    public async Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run)
    {
        if (run.UnknownReferences().Count > 0)
        {
            return [];
        }

        var parts = await TransactorParts.FindServices(run);
        return
        [
            .. parts.All.Select(part => new LiveFact(
                $"service {part.Name}",
                $"runs {part.Primary.TaskDefinition} in {part.Desired.ToString(CultureInfo.InvariantCulture)} tasks"
            )),
        ];
    }

    /// <summary>
    /// A release is not deployed over one whose storage it cannot read, nor where ECS would by itself put one back that cannot.
    /// </summary>
    public async Task<Refusal?> WhyRefused(StepRun run)
    {
        if (run.UnknownReferences().Count > 0)
        {
            return null;
        }

        var release = run.Text(run.Step<TransactorStep>().Version);
        var parts = await TransactorParts.FindServices(run);
        var wanted = await TransactorWanted.Compare(run, parts.All);
        if (wanted.AreMixed)
        {
            // A roll that failed half way has left a newer one that only stands by.
            parts = await TransactorParts.Find(run);
            wanted = await TransactorWanted.Compare(run, parts.All);
        }

        if (wanted.Writing is { } writing && TransactorWanted.NoWayBack(release, writing) is { } closed)
        {
            return new Refusal(
                $"{run.Step<TransactorStep>().Version.Position}: Datomic Pro {writing} runs, and {release} may not be able to read its "
                    + $"storage: {closed}",
                message => new SpecInvalidException(message)
            );
        }

        if (!wanted.Replaces(parts) || wanted.NoWayBack(run) is not { } noWayBack)
        {
            return null;
        }

        foreach (var part in parts.All)
        {
            if (TransactorParts.WhyPutBackByEcs(part.Service) is { } why)
            {
                return new Refusal($"{why} that has no way back: {noWayBack}", message => new ServiceRefusedException(message));
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison)
    {
        plan = plan with { Subject = run.Evaluate(run.Step<TransactorStep>().Transactor).Value };
        return comparison switch
        {
            Comparison.KnownAfterApply => plan,
            Comparison.NotReadable unreadable => plan with { Problem = $"{unreadable.Cause.Error}: {unreadable.Cause.Message}" },
            Comparison.Changes changes => await Roll(run, plan, changes),
            _ => plan with { Action = PlannedAction.None, Notices = comparison.Notices },
        };
    }

    private async Task<StepPlan> Roll(StepRun run, StepPlan plan, Comparison.Changes changes)
    {
        var parts = await TransactorParts.Find(run);
        var wanted = await TransactorWanted.Compare(run, parts.All);
        var replaces = wanted.Replaces(parts) && (RollWork.Mode(run) == TransactorMode.Pair || wanted.Surplus(parts) is null);
        // Which one is dropped is known by the logs, which a comparison alone does not read.
        var isDropped = RollWork.Mode(run) == TransactorMode.Single && wanted.Dropped(parts) is not null;
        var differences = isDropped ? Differences(run, parts, wanted) : changes.Differences;
        return plan with
        {
            Notices = [.. differences, .. Notices(run, parts, wanted, replaces)],
            Risks = Risks(run, parts, wanted),
            LimitMinutes = StepPlan.Minutes(standby.Limit(run) + active.Limit(run) + watch.Limit(run)),
        };
    }

    /// <summary>The revision that runs, and where the active transactor is.</summary>
    public Task<IReadOnlyList<IReportPart>> Report(ReportedStep step) =>
        Task.FromResult<IReadOnlyList<IReportPart>>(
            step.Task(watch.Task) is { State: TaskState.Succeeded } task
            && task.Kept<WatchProgress>() is { Definition: { } definition, Active: { } name }
                ? [new TransactorReport(step.Step.Name, WantedDefinition.Name(definition), name, step.Action)]
            : step.Account is null
            && step.Tasks.Any(task => task.State != TaskState.Succeeded)
            && (step.Task(active.Task) ?? step.Task(standby.Task))?.Kept<TransactorProgress>().Definition is { } begun
                ? [new RecordedRolloutReport(TransactorReport.List, step.Step.Name, WantedDefinition.Name(begun), step.Action)]
            : []
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<IReportPart>> Runs(StepRun run, IReadOnlyList<TaskRecord> tasks) => RunningTransactorsReport.Read(run);

    /// <summary>The services and the table go, or stay, with the stack that made them.</summary>
    public Task<StepRemoval> Removal(StepRun run) => Task.FromResult<StepRemoval>(new StepRemoval.Nothing());

    private static async Task<List<string>> Differences(StepRun run, TransactorParts parts)
    {
        var up = Up(run, parts);
        return Differences(run, parts, await TransactorWanted.Compare(run, up.Count > 0 ? up : parts.All));
    }

    private static List<TransactorPart> Up(StepRun run, TransactorParts parts) =>
        [.. parts.All.Where(part => RollWork.Mode(run) == TransactorMode.Pair || part.Desired > 0)];

    private static List<string> Differences(StepRun run, TransactorParts parts, TransactorWanted wanted)
    {
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        var up = Up(run, parts);
        var differences = new List<string>();
        if (!isPair && up.Count != 1)
        {
            differences.Add($"{up.Count} of {parts.A.Name} and {parts.B.Name} have a desired count of 1, and one has in mode single");
        }

        foreach (var part in up)
        {
            if (!isPair && wanted.Dropped(parts)?.Name == part.Name)
            {
                continue;
            }

            // After a roll that failed the newest revision is not the one that runs.
            var found = wanted.Differences[part.Service.Running().TaskDefinition];
            differences.AddRange(found.Select(difference => $"{part.Name}: {difference}"));
            if (found.Count > 0)
            {
                continue;
            }

            if (part.Desired != 1)
            {
                differences.Add($"{part.Name} has a desired count of {part.Desired} instead of 1");
            }
            else if (part.Primary.RolloutState is { } state && state != DeploymentRolloutState.COMPLETED)
            {
                differences.Add($"deployment {part.Primary.Id} of service {part.Name} is {state.Value}");
            }
        }

        if (differences.Count == 0 && Unwatched(run, up) is { } unwatched)
        {
            differences.Add(unwatched);
        }

        return differences;
    }

    /// <summary>
    /// That a roll has not been watched to its end with success: what runs has no changes, and is not what was released last. What was
    /// there before the first deployment was released by nobody.
    /// </summary>
    private static string? Unwatched(StepRun run, IReadOnlyList<TransactorPart> up)
    {
        var running = up.Select(part => part.Service.Running().TaskDefinition).ToList();
        return run.LastRelease is { Resource.Length: > 0 } released && !running.Contains(released.Resource)
            ? $"{string.Join(", ", running.Distinct().Select(WantedDefinition.Name))} runs and was not watched to the end of its "
                + $"window; {WantedDefinition.Name(released.Resource)} was deployed last"
            : null;
    }

    /// <summary>How the roll goes, and what has to be known before it.</summary>
    private static List<string> Notices(StepRun run, TransactorParts parts, TransactorWanted wanted, bool replaces)
    {
        var noWayBack = wanted.NoWayBack(run);
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        var heartbeat = TransactorDefinition.HeartbeatOf(run);
        var gap =
            $"nothing is written for up to three heartbeats of {heartbeat.TotalSeconds:0.#} s, from the end of the active transactor: "
            + $"{heartbeat.TotalSeconds:0.#} to {3 * heartbeat.TotalSeconds:0.#} s";
        var isDown = parts.All.Any(part => part.Desired == 0);
        List<string> silent =
            parts.All.Any(part => part.Tasks.Count > 0) && parts.All.All(part => part.Tasks.Count == 0 || part.IsSilent)
                ?
                [
                    "no transactor says in its log what it is, so that a roll would end none of them: it waits for events such as "
                        + ":transactor/heartbeat, which Datomic does not document and another release may name otherwise",
                ]
                : [];
        if (!replaces)
        {
            var surplus = isPair ? null : wanted.Surplus(parts);
            return
            [
                $"{parts.Runs}; "
                    + (
                        surplus is { IsActive: true } ? $"{surplus.Name} is ended, and {parts.Counterpart(surplus).Name} takes over: {gap}"
                        : surplus is not null
                            ? $"{surplus.Name} is ended, and nothing stands by from then on; the active transactor is not replaced"
                        : (
                            isPair && isDown ? "the part that is down is started and stands by"
                            : !isPair && !isDown ? "the part that stands by is ended, and nothing stands by from then on"
                            : "the transactors are watched"
                        ) + "; the active transactor is not replaced"
                    ),
                .. silent,
            ];
        }

        var notices = new List<string>
        {
            $"{parts.Runs}; "
                + (isDown ? "the part that is down is started" : "what stands by is replaced")
                + " first, and the active transactor "
                + (isPair ? "replaced" : "dropped")
                + " when the new one has said that it stands by",
            isPair ? $"at the takeover {gap}" : $"mode single: {gap}, and while one alone runs nothing stands by; the file allows it",
        };
        notices.AddRange(silent);
        notices.AddRange(Spot(parts));
        if (ProRelease.Find(run.Text(run.Step<TransactorStep>().Version)) is { } release && ProReleases.KnownFault(release) is { } concern)
        {
            notices.Add(concern);
        }

        if (wanted.Downgrade(run) is { } downgrade)
        {
            notices.Add(downgrade);
        }

        if (wanted.EarlyTakeover(run) is { } early)
        {
            notices.Add(early);
        }

        if (noWayBack is not null)
        {
            notices.Add($"no way back: {noWayBack}; once the new transactor is active nothing puts the former one back");
        }

        return notices;
    }

    /// <summary>
    /// That a pair does not survive the loss of a zone, by the tasks that run, and by the subnets where none does: a subnet is of one zone.
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html (availabilityZone),
    /// https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html
    /// </summary>
    private static IEnumerable<string> Zones(TransactorParts parts)
    {
        var zones = parts.All.Select(part => part.Tasks is [var task, ..] ? task.Task.AvailabilityZone : null).ToList();
        return zones is [{ } zone, var other] && zone == other
                ? [$"both transactors run in the zone {zone}, so that its loss ends both: give {parts.B.Name} a subnet of another zone"]
            : parts.All.Select(part => part.Service.NetworkConfiguration?.AwsvpcConfiguration?.Subnets).ToList()
                is [[var subnet], [var same]]
            && subnet == same
                ? [$"both transactors are of the subnet {subnet}, so that the loss of its zone ends both: give {parts.B.Name} another one"]
            : [];
    }

    /// <summary>
    /// That AWS may end a transactor with two minutes' notice.
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
    /// </summary>
    private static IEnumerable<string> Spot(TransactorParts parts) =>
        parts
            .All.Where(part => part.Service.CapacityProviderStrategy?.Exists(one => one.CapacityProvider == "FARGATE_SPOT") == true)
            .Select(part =>
                $"service {part.Name} runs on FARGATE_SPOT: AWS may end its transactor at any time, two minutes after a warning"
            );

    /// <summary>What cannot be taken back, or leaves nothing that stands by.</summary>
    private static List<string>? Risks(StepRun run, TransactorParts parts, TransactorWanted wanted)
    {
        List<string> risks = [];
        if (wanted.NoWayBack(run) is { } noWayBack)
        {
            risks.Add($"no way back: {noWayBack}");
        }

        if (wanted.Downgrade(run) is { } downgrade)
        {
            risks.Add(downgrade);
        }

        if (wanted.EarlyTakeover(run) is { } early)
        {
            risks.Add(early);
        }

        risks.AddRange(Zones(parts));
        if (RollWork.Mode(run) == TransactorMode.Single && parts.All.All(part => part.Desired > 0))
        {
            risks.Add("the standby goes, and nothing stands by from then on");
        }

        return risks.Count == 0 ? null : risks;
    }
}

/// <summary>The revision that a step's transactors run.</summary>
public sealed record TransactorReport(string Step, string TaskDefinition, string Active, StepAction Action) : IReportPart
{
    /// <summary>The list of transactors.</summary>
    public const string List = "transactors";

    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines => [$"{Step}: {TaskDefinition} ({Action.Words()}), {Active} is active"];
}
