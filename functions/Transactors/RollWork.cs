using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// Replaces transactors one after another, each time by what runs at that moment: the one that stands by first, and the active one when
/// the new one has said in its own log that it stands by. A redrive of any task begins with whatever is next then.
/// </summary>
/// <remarks>
/// Datomic's way to another version is the same: start the new ones, see them stand by, stop the former
/// (https://docs.datomic.com/operation/deployment.html).
/// </remarks>
/// <param name="ledger">Where the tasks before have written down what they changed.</param>
/// <param name="all">Whether the active transactor is replaced, too.</param>
public abstract class RollWork(LedgerTable ledger, bool all) : IStepWork
{
    /// <summary>
    /// A task on Fargate starts, its JVM loads and sees two heartbeats; within it the circuit breaker sees three tasks fail, even by their
    /// health checks.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>
    /// How long a read may be older than a change of a service's number of tasks, which makes no other deployment: "Amazon ECS API follows
    /// an eventual consistency model" (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html).
    /// </summary>
    internal static readonly TimeSpan Visible = TimeSpan.FromMinutes(1);

    /// <summary>The tasks that change the services, in turn.</summary>
    internal static readonly IReadOnlyList<string> Tasks = [StandbyTask, ActiveTask];

    private protected const string StandbyTask = "standby";
    private protected const string ActiveTask = "active";

    /// <inheritdoc/>
    public abstract string Task { get; }

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } = [ServiceEvents.Deployments];

    /// <summary>Longer than whatever is waited for in it.</summary>
    public TimeSpan Limit(StepRun run) => TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        var parts = await TransactorParts.Find(run);
        var outcome = await RunningNow.AddToFailures(run, () => parts.Runs, () => Advance(run, parts));
        if (outcome is Outcome.Failed && Kept(run).IsPutBack)
        {
            await ForgetChanges(run);
        }

        return outcome;
    }

    /// <summary>
    /// What was put back was not changed: no notice speaks of it, and a redrive takes none of it for what somebody else has done.
    /// </summary>
    private async System.Threading.Tasks.Task ForgetChanges(StepRun run)
    {
        await run.Save(WithoutCounts(run.Record));
        if (Task != StandbyTask && Kept(run).PutsBackBoth && await Standby(run) is { } before)
        {
            await ledger.Change(
                TaskRecord.Key(before.Deployment, before.Step, before.Task),
                present => WithoutCounts(present ?? before).Keep<TransactorProgress>(kept => kept with { Changed = null })
            );
        }
    }

    private static TaskRecord WithoutCounts(TaskRecord record) =>
        record with
        {
            Notices = [.. record.Notices.Except(record.Kept<TransactorProgress>().CountNotices ?? [])],
        };

    private async Task<Outcome> Advance(StepRun run, TransactorParts parts)
    {
        if (run.Record.Phase == FormerRestoration.Phase)
        {
            return await FormerRestoration.Advance(run, parts);
        }

        if (Kept(run) is not { Definition: { } decided } || await WasDeregistered(run, parts, decided))
        {
            await Decide(run, parts);
        }

        while (true)
        {
            var kept = Kept(run);
            if (kept.Part is null)
            {
                switch (NextChange.Choose(parts, Mode(run), kept.Accepted!, all))
                {
                    case NextChange.Change { Part: var next } when next.Overtaken(kept.Decided, kept.Accepted!) is { } overtaken:
                        return Overtaken(parts, overtaken);
                    case NextChange.Change change:
                        await Note(run, parts, change);
                        continue;
                    case NextChange.Wait wait:
                        await run.Save(
                            run.Record.Keep<TransactorProgress>(waits => waits with { Waits = waits.Waits ?? run.Account.EnteredAt }) with
                            {
                                State = TaskState.Running,
                            }
                        );
                        return run.Since(Kept(run).Waits) >= Patience ? await Failed(run, parts, wait) : new Outcome.Running(wait.What);
                    default:
                        if (all && await EndedByOthers(run, parts, kept) is { } ended)
                        {
                            await run.Save(run.Record with { Notices = [.. run.Record.Notices, ended] });
                        }

                        return new Outcome.Succeeded(kept.Changed is { Count: > 0 } ? StepAction.Released : StepAction.None);
                }
            }

            // An entry before may have died between its note and the answer of ECS.
            if (run.Record.Resource is null)
            {
                parts = await Ask(run, parts, parts[kept.Part]);
            }

            if (await Judge(run, parts) is { } outcome)
            {
                return outcome;
            }

            await run.Save(
                run.Record.Keep<TransactorProgress>(done => done with { Part = null, Changed = [.. done.Changed ?? [], kept.Part] }) with
                {
                    Resource = null,
                }
            );
        }
    }

    /// <summary>
    /// What is left to a person where a task with the wanted revision says nothing: no roll replaces it, since its revision has no changes.
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (forceNewDeployment)
    /// </summary>
    private static string StartAnew(NextChange.Wait wait) =>
        wait.Silent is { } part
            ? $"; start its task anew, then redrive: aws ecs update-service --cluster {WantedDefinition.Name(part.Service.ClusterArn)} "
                + $"--service {part.Name} --force-new-deployment"
            : string.Empty;

    /// <summary>What was waited for did not come; with the last lines of those that have not said what they do.</summary>
    private static async Task<Outcome> Failed(StepRun run, TransactorParts parts, NextChange.Wait wait)
    {
        var lines = new List<StoppedLine>();
        foreach (var part in wait.Silent is { } silent ? [silent] : parts.All)
        {
            lines.AddRange(await RollFailure.Running(run, part, part.Tasks.Where(task => !task.IsProven)));
        }

        return new Outcome.Failed(
            new StandbyFailedException(
                $"{wait.What} after {Patience.TotalMinutes:0} minutes; {parts.Runs}{StartAnew(wait)}"
                    + RollFailure.Lines(StoppedTasks.InOrder(lines))
            )
        );
    }

    internal static TransactorMode Mode(StepRun run) =>
        TransactorModes.Find(run.Text(run.Step<TransactorStep>().Mode)) ?? TransactorMode.Pair;

    /// <summary>What the template for transactors and the deployer itself put into the environment is shown in causes.</summary>
    internal static bool IsShown(string variable) => variable.StartsWith("DATOMIC_", StringComparison.Ordinal);

    private static TransactorProgress Kept(StepRun run) => run.Record.Kept<TransactorProgress>();

    /// <summary>
    /// Whether a revision that was decided on before a redrive can no longer be deployed, and does not run; in the minutes of a roll nobody
    /// deregisters it.
    /// </summary>
    private static async Task<bool> WasDeregistered(StepRun run, TransactorParts parts, string definition) =>
        run.Record.RedriveCount > 0
        && run.Record.Resource is null
        && parts.All.All(part => part.Primary.TaskDefinition != definition)
        && !(await DefinitionRegistration.Describe(run, definition)).TaskDefinition.IsDeployable();

    /// <summary>Finds the revision that is wanted, or registers it.</summary>
    private async System.Threading.Tasks.Task Decide(StepRun run, TransactorParts parts)
    {
        var wanted = await TransactorWanted.Compare(run, parts.All);
        var definition =
            wanted.Deployable
            ?? (
                parts.All.All(part => wanted.Accepted.Contains(part.Primary.TaskDefinition))
                    ? wanted.Accepted[0]
                    : await wanted.Register(run)
            );
        // The task before has decided for both, where it ran in the same execution of the same redrive.
        var decided =
            Task != StandbyTask && await Standby(run) is { } before && before.RedriveCount == run.Record.RedriveCount
                ? before.Kept<TransactorProgress>().Decided
                : run.Account.EnteredAt;
        await run.Save(
            run.Record.Keep<TransactorProgress>(kept =>
                kept with
                {
                    Definition = definition,
                    Decided = decided,
                    Accepted = [.. wanted.Accepted.Union([definition])],
                    NoWayBack = wanted.NoWayBack(run),
                }
            )
        );
    }

    /// <summary>Writes down which service is changed, before ECS is asked for it.</summary>
    private async System.Threading.Tasks.Task Note(StepRun run, TransactorParts parts, NextChange.Change change)
    {
        var (part, kept) = (change.Part, Kept(run));
        var former =
            part.Service.Deployments.Find(deployment =>
                !kept.Accepted!.Contains(deployment.TaskDefinition) && deployment.RolloutState != DeploymentRolloutState.FAILED
            ) ?? (change.Desired == 0 || part.Desired == 0 ? part.Service.Running() : null);
        var counterpart = await FormerCounterpart(run, parts.Counterpart(part));
        IReadOnlyList<string> changed =
        [
            .. kept.Changed ?? [],
            .. Task == StandbyTask ? [] : (await Standby(run))?.Kept<TransactorProgress>().Changed ?? [],
        ];
        var word = CountOfOthers(run, part, change.Desired, changed, counterpart);
        await run.Save(
            run.Record.Keep<TransactorProgress>(progress =>
                progress with
                {
                    CountNotices = word is null ? progress.CountNotices : [.. progress.CountNotices ?? [], word],
                    Part = part.Name,
                    Desired = change.Desired,
                    // One that does not say what it is may be the active one, unless the other one is.
                    WasActive = part.IsActive || (part.IsSilent && !parts.Counterpart(part).IsActive),
                    Began = run.Account.EnteredAt,
                    First = progress.First ?? run.Account.EnteredAt,
                    Waits = null,
                    Silent = null,
                    Former = former is null ? null : new FormerPart(former.TaskDefinition, part.Desired),
                    FormerCounterpart = counterpart,
                }
            ) with
            {
                State = TaskState.Running,
                Resource = null,
                Notices = word is null ? run.Record.Notices : [.. run.Record.Notices, word],
            }
        );
    }

    /// <summary>
    /// That somebody has ended the transactor that the roll of a single one was about to drop; <see langword="null"/> where the roll has
    /// done so itself, or had nothing to drop.
    /// </summary>
    private async Task<string?> EndedByOthers(StepRun run, TransactorParts parts, TransactorProgress kept) =>
        Mode(run) == TransactorMode.Single
        && run.Record.Attempt == 1
        && kept.Changed is not { Count: > 0 }
        && (await Standby(run))?.Kept<TransactorProgress>().Changed is [.., var raised]
        && parts.Counterpart(parts[raised]) is { Desired: 0 } dropped
            ? $"somebody has set the desired count of {dropped.Name} to 0 before the roll has"
            : null;

    /// <summary>
    /// That a change takes back a number of tasks that somebody has set; <see langword="null"/> where it is a part of the roll: that of a
    /// single transactor raises the part that is down once, and drops the other one then.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="part">The service.</param>
    /// <param name="desired">How many tasks it is to have.</param>
    /// <param name="changed">The services that the roll has changed before.</param>
    /// <param name="counterpart">What the other service ran before the roll.</param>
    private static string? CountOfOthers(
        StepRun run,
        TransactorPart part,
        int desired,
        IReadOnlyList<string> changed,
        FormerPart? counterpart
    ) =>
        (Mode(run), part.Desired, desired) switch
        {
            (TransactorMode.Pair, 0, > 0) =>
                $"{part.Name} had a desired count of 0 and has 1 now, as the mode pair asks for; where somebody has turned it off on "
                    + "purpose, the file has to say mode single",
            (TransactorMode.Single, 0, > 0) when changed.Contains(part.Name) =>
                $"somebody has set the desired count of {part.Name} to 0 after it was raised; it has 1 again",
            (TransactorMode.Single, > 0, 0) when changed.Count == 0 || counterpart is { Desired: > 0 } =>
                $"{part.Name} had a desired count of {part.Desired} and has 0 now, as the mode single asks for",
            _ => null,
        };

    /// <summary>
    /// What the service that is not changed now ran before the roll, by what this task or the one before has noted when it changed that
    /// one; where neither has, it runs it still.
    /// </summary>
    private async Task<FormerPart?> FormerCounterpart(StepRun run, TransactorPart part)
    {
        foreach (var task in new[] { Task, StandbyTask })
        {
            var kept = task == Task ? Kept(run) : (await Standby(run))?.Kept<TransactorProgress>();
            if (kept?.Changed?.Contains(part.Name) == true)
            {
                // A task changes each service once at most, the last of them is the one that its note is of.
                return kept.Changed[^1] == part.Name ? kept.Former : null;
            }
        }

        return new FormerPart(part.Service.Running().TaskDefinition, part.Desired);
    }

    private Task<TaskRecord?> Standby(StepRun run) => ledger.Read(TaskRecord.Key(run.Deployment.Deployment, run.Name, StandbyTask));

    /// <summary>Has ECS change the service that was noted, unless an entry before has done so, and writes down its deployment.</summary>
    private static async Task<TransactorParts> Ask(StepRun run, TransactorParts parts, TransactorPart part)
    {
        var kept = Kept(run);
        var service = NextChange.NeedsUpdate(part, kept.Desired, kept.Accepted!)
            ? await Update(
                run,
                part,
                kept.Desired == 0 || kept.Accepted!.Contains(part.Primary.TaskDefinition) ? part.Primary.TaskDefinition : kept.Definition!,
                kept.Desired
            )
            : part.Service;
        // Where an entry before has died after ECS had changed it, too.
        await run.Own(service.Primary().Id);
        await run.Save(run.Record with { Resource = service.Primary().Id });
        part = part with { Service = service };
        return part.Name == parts.A.Name ? parts with { A = part } : parts with { B = part };
    }

    /// <summary>A revision whose deployment failed is deployed again only when it is asked for by force.</summary>
    internal static async Task<Service> Update(StepRun run, TransactorPart part, string definition, int desired) =>
        (
            await EcsRefusal.Explained(
                run,
                () =>
                    run.Account.Ecs.UpdateServiceAsync(
                        new UpdateServiceRequest
                        {
                            Cluster = part.Service.ClusterArn,
                            Service = part.Name,
                            // One that was deregistered may go on to run, and may not be named.
                            TaskDefinition = part.Primary.TaskDefinition == definition ? null : definition,
                            DesiredCount = desired,
                            ForceNewDeployment =
                                desired > 0
                                && part.Primary.TaskDefinition == definition
                                && part.Primary.RolloutState == DeploymentRolloutState.FAILED
                                    ? true
                                    : null,
                        }
                    )
            )
        ).Service;

    /// <summary>Judges the service that is being changed; <see langword="null"/> when it is as it should be.</summary>
    private static async Task<Outcome?> Judge(StepRun run, TransactorParts parts)
    {
        var kept = Kept(run);
        var (part, id) = (parts[kept.Part!], run.Record.Resource!);
        if (kept.Desired == 0)
        {
            return await JudgeEnd(run, parts, part);
        }

        var own = part.Service.Deployment(id);
        if (own is null || own.Status != "PRIMARY")
        {
            // A read may be older than the update: only what has changed since is believed.
            if (own is null && kept.Began is { } began && (part.Primary.UpdatedAt ?? part.Primary.CreatedAt) <= began)
            {
                return new Outcome.Running($"deployment {id} of service {part.Name} is not visible yet");
            }

            var reason = part.Service.WhyFailed(id);
            // A rollback by ECS goes to the former revision, and its reason may be visible later.
            var isOfOthers =
                reason is null
                && own?.RolloutState != DeploymentRolloutState.FAILED
                && (part.Primary.TaskDefinition != kept.Former?.Definition || TransactorParts.WhyPutBackByEcs(part.Service) is null);
            return reason is null && part.Desired == 0 ? await TurnedOff(run, parts, part)
                : isOfOthers ? Overtaken(parts, part.ReplacedBy(id))
                : await RollFailure.Fail(
                    run,
                    parts,
                    $"deployment {id} of service {part.Name} {(reason is null ? "was replaced" : $"failed: {reason}")}"
                );
        }

        if (own.RolloutState == DeploymentRolloutState.FAILED)
        {
            return await RollFailure.Fail(
                run,
                parts,
                $"deployment {id} of service {part.Name} failed: {own.RolloutStateReason?.TrimEnd('.')}"
            );
        }

        // One that was begun for this is not in a read from before it.
        if (part.Desired == 0 && (own.CreatedAt >= kept.Began || run.Since(kept.Began) >= Visible))
        {
            return await TurnedOff(run, parts, part);
        }

        var task = part.Tasks.FirstOrDefault(running => running.Task.StartedBy == id);
        var isProven = task?.IsProven == true;
        var what =
            task is null ? $"{part.Name} has no task with {WantedDefinition.Name(own.TaskDefinition)} yet"
            : isProven ? $"{part.Name} works, and its former task has not ended yet"
            : $"task {task.Id} of {part.Name} runs and has not said in its log that it stands by";
        return isProven && own.RolloutState == DeploymentRolloutState.COMPLETED && parts.Active is not null
            ? null
            : await Wait(run, parts, what);
    }

    /// <summary>Judges a service that is to have no task; <see langword="null"/> when it has none and the other one is active.</summary>
    private static async Task<Outcome?> JudgeEnd(StepRun run, TransactorParts parts, TransactorPart part)
    {
        var counterpart = parts.Counterpart(part);
        if (part.Desired > 0)
        {
            return run.Since(Kept(run).Began) >= Visible
                ? CountChanged(
                    parts,
                    $"the desired count of {part.Name} was set to {part.Desired} by somebody while its transactor was ended"
                )
                : await Wait(run, parts, $"the desired count of {part.Name} is {part.Desired}, by a read that may be late");
        }

        return part.Tasks.Count > 0 ? await Wait(run, parts, $"the transactor of {part.Name} ends")
            : counterpart is { Desired: 0, IsActive: false }
                ? await RollFailure.Fail(
                    run,
                    parts,
                    $"the desired count of {counterpart.Name} was set to 0 by somebody while the transactor of {part.Name} was ended"
                )
            : parts.Active is null ? await Wait(run, parts, $"the transactor of {part.Name} has ended, and no other one is active yet")
            : null;
    }

    /// <summary>
    /// Somebody has turned off the service that is being changed: nothing starts what a person has ended, or ends what has taken over. Only
    /// where nothing takes over, what was before is put back.
    /// </summary>
    private static async Task<Outcome> TurnedOff(StepRun run, TransactorParts parts, TransactorPart part)
    {
        var what = SetToZero(part);
        return Kept(run).WasActive && !parts.Counterpart(part).IsActive
            ? await Wait(run, parts, $"{what}, and no other one has taken over", what)
            : CountChanged(parts, $"{what} while its transactor was replaced");
    }

    private static string SetToZero(TransactorPart part) => $"the desired count of {part.Name} was set to 0 by somebody";

    private static Outcome.Failed CountChanged(TransactorParts parts, string what) =>
        new(new TransactorCountChangedException($"{what}; nothing was put back; {parts.Runs}"));

    private static Outcome.Failed Overtaken(TransactorParts parts, string what) =>
        new(new TransactorOvertakenException($"{what}; nothing was put back; {parts.Runs}"));

    private static async Task<Outcome> Wait(StepRun run, TransactorParts parts, string what, string? ended = null)
    {
        var kept = Kept(run);
        // That a former one says nothing does not say that it has ended.
        var mayBeActive = kept.WasActive && parts[kept.Part!].HasSilentFormer(kept.Accepted!);
        var silent = parts.Active is null && !mayBeActive ? kept.Silent ?? run.Account.EnteredAt : null;
        if (silent != kept.Silent)
        {
            await run.Save(run.Record.Keep<TransactorProgress>(progress => progress with { Silent = silent }));
        }

        // A standby that was dropped is raised again as soon, when it turns out to be needed, and so is one whose successor does not come
        // up.
        var counterpart = parts.Counterpart(parts[kept.Part!]);
        var isTurnedOff = counterpart.Desired == 0 && kept.FormerCounterpart?.Desired > 0;
        if ((kept.WasActive || kept.Desired == 0 || isTurnedOff) && silent is not null && run.Since(silent) >= parts.TakeoverPatience)
        {
            return await RollFailure.Fail(
                run,
                parts,
                kept.WasActive ? $"{ended ?? $"the active transactor of {kept.Part} has ended"}, and no other one took over"
                    : isTurnedOff ? $"{SetToZero(counterpart)}, and no other one has taken over"
                    : $"the transactor of {kept.Part} that stood by was ended, and the active one has failed meanwhile"
            );
        }

        return run.Since(kept.Began) >= Patience
            ? await RollFailure.Fail(run, parts, $"{what} after {Patience.TotalMinutes:0} minutes")
            : new Outcome.Running(what, WaitsFor: run.Record.Resource);
    }
}

/// <summary>Replaces the transactor that stands by, or raises the part that is down.</summary>
public sealed class ReplaceStandbyWork(LedgerTable ledger) : RollWork(ledger, all: false)
{
    /// <inheritdoc/>
    public override string Task => StandbyTask;
}

/// <summary>Replaces the active transactor, or drops it when the other one stands by.</summary>
public sealed class ReplaceActiveWork(LedgerTable ledger) : RollWork(ledger, all: true)
{
    /// <inheritdoc/>
    public override string Task => ActiveTask;
}
