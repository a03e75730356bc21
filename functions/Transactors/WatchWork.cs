using System.Globalization;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>
/// Watches transactors until each has run for a while: that none is replaced, that one is active and the other one sees its heartbeats,
/// that Datomic's metric of alarms stays at zero and no alarm of CloudWatch goes off, and that peers come back. Transactors that have run
/// for so long already are not waited for.
/// </summary>
public sealed class WatchWork(Revisions revisions) : IStepWork
{
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(5);

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
        var isPair = RollWork.Mode(run) == TransactorMode.Pair;
        var tasks = parts.All.SelectMany(part => part.Tasks).ToList();
        var ids = tasks.ConvertAll(task => task.Id);
        var kept = run.Record.Kept<WatchProgress>();
        if (kept.Tasks is null)
        {
            kept = new WatchProgress
            {
                Tasks = ids,
                First = tasks.ConvertAll(task => task.Task.StartedAt).Min(),
                Since = tasks.ConvertAll(task => task.Task.StartedAt).Max(),
                Definition = tasks is [var one, ..] ? one.Task.TaskDefinitionArn : null,
                Active = parts.Active?.Name,
            };
            await run.Save(run.Record.Keep<WatchProgress>(_ => kept) with { State = TaskState.Running });
        }

        var gone = kept.Tasks!.Where(id => !ids.Contains(id)).ToList();
        if (gone.Count > 0)
        {
            return await Failed(run, parts, $"{Named(gone)} ended while the transactors were watched");
        }

        if (parts.Active is null || (isPair && !parts.IsPair))
        {
            return await Failed(
                run,
                parts,
                parts.Active is null
                    ? "no transactor was active while they were watched"
                    : "the standby did not see the heartbeats of the active transactor while they were watched"
            );
        }

        var passed = run.Since(kept.Since);
        if (kept.Since is { } since && await Found(run, kept.First ?? since, since, passed) is { } what)
        {
            return await Failed(run, parts, what);
        }

        return passed < Window(run)
            ? new Outcome.Running($"the transactors have run for {passed.TotalMinutes:0} of {Window(run).TotalMinutes:0} minutes")
            : await Succeed(run, kept);
    }

    private static TimeSpan Window(StepRun run) => run.Step<TransactorStep>().Watch ?? Usual;

    private static string Named(List<string> tasks) => $"task{(tasks.Count == 1 ? string.Empty : "s")} {string.Join(" and ", tasks)}";

    /// <summary>
    /// What CloudWatch says against the new transactors; <see langword="null"/> for nothing. What could not be watched, and peers that have
    /// not come back, is noted.
    /// </summary>
    private static async Task<string?> Found(StepRun run, DateTime began, DateTime since, TimeSpan passed)
    {
        var metrics = new TransactorMetrics(run.Account, run.Text(run.Step<TransactorStep>().Transactor));
        var alarms = await TransactorAlarms.Read(run, began);
        if (alarms.On.Count > 0)
        {
            return string.Join("; ", alarms.On);
        }

        // What was reported then is over for a redrive that comes later; alarms and peers count as they are now.
        if (passed < Before && (await metrics.Read("Alarm", "Sum", since)).Sum() is > 0 and var sum)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the metric Alarm was {sum:0} while the transactors were watched");
        }

        if (passed < Window(run))
        {
            return null;
        }

        var notices = alarms.Notices.ToList();
        var lately = run.Account.EnteredAt - Lately is { } recent && recent > since ? recent : since;
        if ((await metrics.Read("HeartbeatMsec", "SampleCount", lately)).Count == 0)
        {
            notices.Add("CloudWatch has no values of HeartbeatMsec in Datomic for the transactor: its metrics were not watched");
        }

        var earlier = await metrics.Read("RemotePeers", "Maximum", began - Before, began);
        var later = await metrics.Read("RemotePeers", "Maximum", lately);
        if (earlier is [.., > 0 and var most] && later is [.., var last] && last < most)
        {
            const string Remedy = "a peer that keeps its connection to the former transactor has to be restarted";
            var counts = string.Create(CultureInfo.InvariantCulture, $"{last:0} of {most:0} peers");
            if (last == 0)
            {
                return $"{counts} are connected to the new transactor; {Remedy}";
            }

            notices.Add($"{counts} are connected again; {Remedy}");
        }

        await run.Save(run.Record with { Notices = notices });
        return null;
    }

    private static async Task<Outcome> Failed(StepRun run, TransactorParts parts, string what)
    {
        var reasons = new List<string>();
        foreach (var part in parts.All)
        {
            reasons.AddRange(await new StoppedTasks(run, part.Service, RollWork.IsShown).Reasons(part.Primary.Id, withLogs: true));
        }

        return new Outcome.Failed(new TransactorUnsteadyException($"{what}; {parts.Runs}" + RollFailure.Lines(reasons)));
    }

    private async Task<Outcome> Succeed(StepRun run, WatchProgress kept)
    {
        var step = run.Step<TransactorStep>();
        var image = run.Text(step.Image);
        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = image,
                Resource = kept.Definition ?? string.Empty,
            }.Keep(new ReleasedTransactor { Version = run.Text(step.Version) })
        );
        await ServiceWork.Remember(revisions, run, image);
        return new Outcome.Succeeded(StepAction.None);
    }
}
