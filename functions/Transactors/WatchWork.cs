using System.Globalization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// Watches transactors until each has run for a while: that none is replaced, that one is active and the other one sees its heartbeats,
/// that Datomic's metric of alarms stays at zero and no alarm of CloudWatch goes off, and that peers come back. Transactors that have run
/// for so long already, one of them as the active one, are not waited for.
/// </summary>
public sealed class WatchWork(Revisions revisions, LedgerTable ledger) : IStepWork
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

    // An alarm of periods of a minute sees a transactor with the first of them that is over, and metrics come some minutes late.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // How long before the roll peers are counted.
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    // A metric has come to CloudWatch by then, and is of now.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public string Task => "watch";

    /// <summary>Transactors are looked at with each heartbeat of the task alone.</summary>
    public IReadOnlyList<EventSource> Events => [];

    /// <inheritdoc/>
    public TimeSpan Limit(StepRun run) => Window(run) + TimeSpan.FromMinutes(15);

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        var parts = await TransactorParts.Find(run);
        return await RunningNow.AddToFailures(run, () => parts.Runs, () => Advance(run, parts));
    }

    private async Task<Outcome> Advance(StepRun run, TransactorParts parts)
    {
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        var tasks = parts.All.SelectMany(part => part.Tasks).ToList();
        var ids = tasks.ConvertAll(task => task.Id);
        var kept = run.Record.Kept<WatchProgress>();
        if (kept.Tasks is null)
        {
            var rolls = await Rolls(run);
            var changes = rolls.FindAll(roll => roll.Began is not null);
            var last = tasks.ConvertAll(task => task.Task.StartedAt).Max();
            var active = parts.Active?.Active?.Signs.ActiveSince;
            kept = new WatchProgress
            {
                Tasks = ids,
                Accepted = [.. rolls.SelectMany(roll => roll.Accepted ?? []).Distinct()],
                Deployments = [parts.A.Primary.Id, parts.B.Primary.Id],
                // A part that nothing changed runs for long already: what happened since it started is none of the roll's doing.
                First =
                    changes.ConvertAll(change => change.First ?? change.Began).Min() ?? tasks.ConvertAll(task => task.Task.StartedAt).Min(),
                // One that was dropped starts nothing, and what is left has to work without it from then on; nor does one that takes over
                // only after a redrive, having stood by for long.
                Since = new[] { last, changes.ConvertAll(change => change.Began).Max(), active }.Max(),
                Definition = tasks is [var one, ..] ? one.Task.TaskDefinitionArn : null,
                Active = parts.Active?.Name,
                ActiveSince = active,
            };
            await run.Save(run.Record.Keep<WatchProgress>(_ => kept) with { State = TaskState.Running });
        }

        // Of a single transactor the other part is down.
        var isDown = (TransactorPart part) => part.Desired == 0 && (isPair || parts.Counterpart(part).Desired == 0);
        if ((parts.All.FirstOrDefault(part => isDown(part) && part.Name == kept.Active) ?? parts.All.FirstOrDefault(isDown)) is { } down)
        {
            return await Failed(
                run,
                parts,
                $"the desired count of {down.Service.ServiceName} was set to 0 by somebody",
                message => new TransactorTurnedOffException(message)
            );
        }

        if (!isPair && kept.Active is not null && parts.All.All(part => part.Desired > 0))
        {
            var raised = parts.All.First(part => part.Name != kept.Active);
            return run.Since(kept.Since) >= RollWork.Visible
                ? await Failed(
                    run,
                    parts,
                    $"the desired count of {raised.Name} was set to {raised.Desired} by somebody, and in mode single one of the two is up",
                    message => new TransactorReplacedException(message)
                )
                : new Outcome.Running($"the desired count of {raised.Name} is {raised.Desired}, by a read that may be late");
        }

        if (Replaced(parts, kept) is { } replaced)
        {
            return await Failed(run, parts, replaced, message => new TransactorReplacedException(message));
        }

        var gone = kept.Tasks!.Where(id => !ids.Contains(id)).ToList();
        if (gone.Count > 0)
        {
            return await Failed(run, parts, $"{Named(gone)} ended while the transactors were watched");
        }

        if (parts.Active is null || (isPair && !parts.IsPair))
        {
            // A log may come late, or without lines: only what lasts is a fact.
            var silent = kept.Silent ?? run.Account.EnteredAt;
            if (kept.Silent is null)
            {
                await run.Save(run.Record.Keep<WatchProgress>(progress => progress with { Silent = silent }));
            }

            var what = parts.Active is null
                ? "no transactor was active while they were watched"
                : "the standby did not see the heartbeats of the active transactor while they were watched";
            return run.Since(silent) >= parts.TakeoverPatience ? await Failed(run, parts, what) : new Outcome.Running(what);
        }

        if (kept.Silent is not null)
        {
            await run.Save(run.Record.Keep<WatchProgress>(progress => progress with { Silent = null }));
        }

        var passed = run.Since(kept.Since);
        var found = kept.Since is { } since ? await Found(run, kept, since, passed) : new Findings(null, null);
        if (found.Against is { } against)
        {
            return await Failed(run, parts, against);
        }

        return found.Awaited is { } awaited ? new Outcome.Running(awaited)
            : passed < Window(run)
                ? new Outcome.Running($"the transactors have run for {passed.TotalMinutes:0} of {Window(run).TotalMinutes:0} minutes")
            : await Succeed(run, kept);
    }

    private static TimeSpan Window(StepRun run) => run.Step<TransactorStep>().Watch ?? Usual;

    /// <summary>The first minute that began after both moments: a metric has one value for the whole of a minute.</summary>
    private static DateTime NextMinute(DateTime? one, DateTime other)
    {
        var later = one > other ? one.Value : other;
        return later.Ticks % TimeSpan.TicksPerMinute is > 0 and var over ? later.AddTicks(TimeSpan.TicksPerMinute - over) : later;
    }

    private static string Named(List<string> tasks) => $"task{(tasks.Count == 1 ? string.Empty : "s")} {string.Join(" and ", tasks)}";

    // A class, since LINQ is compiled anew for each value type.
    private sealed record Findings(string? Against, string? Awaited);

    /// <summary>What the tasks before have kept.</summary>
    private async Task<List<TransactorProgress>> Rolls(StepRun run)
    {
        var rolls = new List<TransactorProgress>();
        foreach (var task in RollWork.Tasks)
        {
            if (await ledger.Read(TaskRecord.Key(run.Deployment.Deployment, run.Name, task)) is { } record)
            {
                rolls.Add(record.Kept<TransactorProgress>());
            }
        }

        return rolls;
    }

    /// <summary>How the tasks before have changed the services, as far as they have.</summary>
    private async Task<List<TransactorProgress>> Changes(StepRun run) => (await Rolls(run)).FindAll(roll => roll.Began is not null);

    /// <summary>
    /// That a service has another deployment than the one that is watched, or one of another revision than the tasks before have left: ECS
    /// deploys nothing by itself where a deployment is completed. <see langword="null"/> when none has.
    /// </summary>
    private static string? Replaced(TransactorParts parts, WatchProgress kept)
    {
        foreach (var part in parts.All.Where(part => part.Desired > 0))
        {
            var (primary, before) = (part.Primary, kept.Deployments?.ElementAtOrDefault(part.Name == parts.A.Name ? 0 : 1));
            if (
                (before is not null && before != primary.Id)
                || (kept.Accepted is { Count: > 0 } accepted && !accepted.Contains(primary.TaskDefinition))
            )
            {
                return part.ReplacedBy(before);
            }
        }

        return null;
    }

    /// <summary>
    /// What CloudWatch says against the new transactors, and the alarm that has to go off before it can be said. What could not be watched,
    /// and peers that have not come back, is noted.
    /// </summary>
    private static async Task<Findings> Found(StepRun run, WatchProgress kept, DateTime since, TimeSpan passed)
    {
        var began = kept.First ?? since;
        var metrics = new TransactorMetrics(run.Account, run.Text(run.Step<TransactorStep>().Transactor));
        var alarms = await TransactorAlarms.Read(run, began, since, kept.ActiveSince);
        if (alarms.On.Count > 0)
        {
            return new Findings(string.Join("; ", alarms.On), null);
        }

        // What was reported then is over for a redrive that comes later; alarms and peers count as they are now. The metric does not name
        // the task, so that what the former transactor reported until the takeover is none of the new one's.
        if (passed < Before && (await metrics.Read("Alarm", "Sum", NextMinute(kept.ActiveSince, since))).Sum() is > 0 and var sum)
        {
            return new Findings(
                string.Create(CultureInfo.InvariantCulture, $"the metric Alarm was {sum:0} while the transactors were watched"),
                null
            );
        }

        if (passed < Window(run))
        {
            return new Findings(null, null);
        }

        List<string> notices = [.. alarms.Before, .. alarms.Missing];
        var lately = run.Account.EnteredAt - Lately is { } recent && recent > since ? recent : since;
        if ((await metrics.Read("HeartbeatMsec", "SampleCount", lately)).Count == 0)
        {
            if (alarms.Pending.FirstOrDefault(alarm => !alarm.WasBefore) is { } on)
            {
                return new Findings($"the alarm {on.Name} is on: {on.Reason}", null);
            }

            notices.Add("CloudWatch has no values of HeartbeatMsec in Datomic for the transactor: its metrics were not watched");
            notices.AddRange(alarms.Pending.Select(alarm => TransactorAlarms.WasBefore(alarm.Name, alarm.Reason)));
        }
        else if (alarms.Pending is [var pending, ..])
        {
            var why = $"the alarm {pending.Name} went on before all transactors ran, and is on still";
            return passed < Window(run) + Patience
                ? new Findings(null, why)
                : new Findings($"{why} after {passed.TotalMinutes:0} minutes: {pending.Reason}", null);
        }

        var earlier = await metrics.Read("RemotePeers", "Maximum", began - Before, began);
        var later = await metrics.Read("RemotePeers", "Maximum", lately);
        if (earlier is [.., > 0 and var most] && later is [.., var last] && last < most)
        {
            const string Remedy = "a peer that keeps its connection to the former transactor has to be restarted, if it still runs";
            var counts = string.Create(CultureInfo.InvariantCulture, $"{last:0} of {most:0} peers");
            if (last == 0)
            {
                return new Findings($"{counts} are connected to the new transactor; {Remedy}", null);
            }

            notices.Add($"{counts} are connected again; {Remedy}");
        }

        await run.Save(run.Record with { Notices = notices });
        return new Findings(null, null);
    }

    /// <summary>The failure, with what runs, the way back and why tasks stopped.</summary>
    /// <param name="run">The step.</param>
    /// <param name="parts">What runs.</param>
    /// <param name="what">What went wrong.</param>
    /// <param name="exception">Makes the exception; <see langword="null"/> where the way back decides which one it is.</param>
    private async Task<Outcome> Failed(StepRun run, TransactorParts parts, string what, Func<string, DeployerException>? exception = null)
    {
        var reasons = new List<StoppedLine>();
        foreach (var part in parts.All)
        {
            reasons.AddRange(
                await new StoppedTasks(run, part.Service, RollWork.IsShown, TransactorSigns.IsRoutine).Lines(
                    part.Primary.Id,
                    withLogs: true
                )
            );
            reasons.AddRange(await RollFailure.Running(run, part, part.Tasks.Where(task => !task.IsProven)));
        }

        var back = await FindWayBack(run, parts);
        // What others have ended was not the release's fault: nothing is brought back then.
        var words = exception is null || back.IsClosed ? back.Words : string.Empty;
        var message = $"{what}; {parts.Runs}{words}" + RollFailure.Lines(StoppedTasks.InOrder(reasons));
        return new Outcome.Failed(
            exception is not null ? exception(message)
            : back.IsClosed ? new TransactorUnsteadyNoWayBackException(message)
            : new TransactorUnsteadyException(message) { RemedySubject = back.Revision }
        );
    }

    /// <summary>The way back to what was deployed before.</summary>
    /// <param name="Words">What the cause says of it; empty where there is nothing to say.</param>
    /// <param name="Revision">The revision that a rollback brings back; <see langword="null"/> for none.</param>
    /// <param name="IsClosed">Whether the release before may not be able to read the storage any more.</param>
    private sealed record WayBack(string Words, string? Revision = null, bool IsClosed = false);

    /// <summary>
    /// The revision that a rollback brings back: the last one that was watched with success, where it is another one than what runs and was
    /// deployed from a commit; or why none does.
    /// </summary>
    private async Task<WayBack> FindWayBack(StepRun run, TransactorParts parts)
    {
        var before = run.LastRelease;
        if (await NoWayBack(run, before) is { } closed)
        {
            return new WayBack($"; there is no way back to the release before: {closed}", IsClosed: true);
        }

        return
            before is { Resource.Length: > 0 }
            && run.Target.Instance is null
            && parts.All.All(part => part.Primary.TaskDefinition != before.Resource || part.Desired == 0)
            && await ledger.Read(DeploymentRecord.Key(before.Deployment)) is { Revision: { } released }
            && await revisions.WayBack(run, released) is var revision
            ? new WayBack(
                $"; {RollbackHint.Command(revision)} brings back what ran as {WantedDefinition.Name(before.Resource)}"
                    + TransactorWanted.OlderRelease(
                        run.Text(run.Step<TransactorStep>().Version),
                        before.Kept<ReleasedTransactor>().Version
                    ),
                revision
            )
            : new WayBack(string.Empty);
    }

    /// <summary>Why the release before cannot be deployed; <see langword="null"/> where it can, or there is none.</summary>
    private async Task<string?> NoWayBack(StepRun run, ReleasedStep? before) =>
        before?.Kept<ReleasedTransactor>().Version is { } version
            ? TransactorWanted.NoWayBack(version, run.Text(run.Step<TransactorStep>().Version))
            // A part that was raised from nothing had no release before.
            : (await Changes(run)).Find(change => change.Former is { Desired: > 0 } && change.NoWayBack is not null)?.NoWayBack;

    private async Task<Outcome> Succeed(StepRun run, WatchProgress kept)
    {
        var step = run.Step<TransactorStep>();
        var image = run.Text(step.Image);
        var definition = kept.Definition ?? string.Empty;
        var wasFound = (await Changes(run)).Count == 0 && run.HasReleased(definition);
        if (!wasFound)
        {
            await ServiceWork.RecordRevision(revisions, run, image);
        }

        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = image,
                Resource = definition,
            }.Keep(new ReleasedTransactor { Version = run.Text(step.Version) }),
            wasFound
        );
        return new Outcome.Succeeded(StepAction.None);
    }
}
