using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Spec.Datomic;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>What a step wants beside the revisions that its services have.</summary>
internal sealed record TransactorWanted
{
    /// <summary>The ARNs of those revisions that already have what the step says.</summary>
    public required IReadOnlyList<string> Accepted { get; init; }

    /// <summary>
    /// One of these that a service can be updated to: none that was deregistered; <see langword="null"/> when there is none.
    /// </summary>
    public string? Deployable { get; init; }

    /// <summary>What is registered where none of the revisions has it.</summary>
    public required TransactorDefinition Request { get; init; }

    /// <summary>What differs in a revision, by its ARN.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Differences { get; init; }

    /// <summary>
    /// The releases of Datomic Pro that run in revisions that differ, by their tags: <see langword="null"/> of a revision without one. A
    /// service that is down counts where both are.
    /// </summary>
    public IReadOnlyList<string?> Former { get; init; } = [];

    /// <summary>
    /// The release that writes the storage: that of the active transactor; where none is known to be active, the newest that runs.
    /// <see langword="null"/> where no tag says it.
    /// </summary>
    public string? Writing { get; init; }

    /// <summary>Whether two releases run beside each other, so that it depends on the active one what may follow.</summary>
    public bool AreMixed { get; init; }

    /// <summary>The longest interval of heartbeats of the revisions that run; zero where none does.</summary>
    public TimeSpan Heartbeat { get; init; }

    /// <summary>Compares the revisions that both services, or one alone, run and are to run with what the step wants.</summary>
    /// <param name="run">The step.</param>
    /// <param name="parts">The services.</param>
    public static async Task<TransactorWanted> Compare(StepRun run, params IReadOnlyList<TransactorPart> parts)
    {
        var differences = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var releases = new Dictionary<string, string?>(StringComparer.Ordinal);
        var (accepted, request) = (new List<string>(), (TransactorDefinition?)null);
        var deployable = (string?)null;
        var isAnyUp = parts.Any(part => part.Desired > 0);
        var up = parts.Where(part => part.Desired > 0 || !isAnyUp).ToList();
        var running = up.Select(part => part.Service.Running().TaskDefinition).ToList();
        var heartbeat = TimeSpan.Zero;
        // What is wanted is made of the revision that does the work, not of one that was left behind in the other service.
        TransactorPart[] inOrder = [.. up.Where(part => part.IsActive), .. up.Where(part => !part.IsActive), .. parts.Except(up)];
        foreach (var arn in inOrder.SelectMany(part => new[] { part.Service.Running().TaskDefinition, part.Primary.TaskDefinition }))
        {
            if (differences.ContainsKey(arn))
            {
                continue;
            }

            var described = await DefinitionRegistration.Describe(run, arn);
            var tags = described.Tags ?? [];
            // Before what is wanted is made of it.
            if (
                isAnyUp
                && running.Contains(arn)
                && TransactorDefinition.HeartbeatOf(described.TaskDefinition) is var own
                && own > heartbeat
            )
            {
                heartbeat = own;
            }

            var wanted = TransactorDefinition.For(run, described.TaskDefinition, tags);
            differences[arn] = wanted.Differences;
            releases[arn] = TransactorDefinition.VersionOf(tags);
            request ??= wanted;
            if (wanted.Differences.Count == 0)
            {
                accepted.Add(arn);
                deployable ??= described.TaskDefinition.IsDeployable() ? arn : null;
            }
        }

        var active = up.FirstOrDefault(part => part.IsActive)?.Active!.Task.TaskDefinitionArn;
        return new TransactorWanted
        {
            Accepted = accepted,
            Deployable = deployable,
            Request = request!,
            Differences = differences,
            Former = [.. running.Where(arn => differences[arn].Count > 0).Select(arn => releases[arn]).Distinct()],
            Writing =
                active is not null && releases.TryGetValue(active, out var writing)
                    ? writing
                    : Newest(running.Select(arn => releases[arn])),
            AreMixed = running.Select(arn => releases[arn]).Distinct().Skip(1).Any(),
            Heartbeat = heartbeat,
        };
    }

    private static string? Newest(IEnumerable<string?> releases) =>
        releases.Select(release => release is null ? null : ProRelease.Find(release)).Max()?.Text;

    /// <summary>Whether a roll starts tasks of another revision than the one that runs, and not only what is down.</summary>
    /// <param name="parts">The services.</param>
    public bool Replaces(TransactorParts parts) =>
        parts.All.All(part => part.Desired == 0)
        || parts.All.Any(part => part.Desired > 0 && Differences[part.Service.Running().TaskDefinition].Count > 0);

    /// <summary>
    /// The one of two services that are up that does not have what the step says, where the other one has; <see langword="null"/> for none.
    /// The roll of a single transactor ends it, and replaces neither.
    /// </summary>
    /// <param name="parts">The services.</param>
    public TransactorPart? Surplus(TransactorParts parts)
    {
        return
            parts.All.All(part => part.Desired > 0)
            && parts.All.Where(part => Differences[part.Service.Running().TaskDefinition].Count > 0).ToList() is [var only]
            ? only
            : null;
    }

    /// <summary>
    /// The one of two services that are up that the roll of a single transactor ends, which is not given what the step says: the one that
    /// does not have it, or the active one where neither has; <see langword="null"/> for none, or where it is not known.
    /// </summary>
    /// <param name="parts">The services.</param>
    public TransactorPart? Dropped(TransactorParts parts) =>
        Surplus(parts)
        ?? (parts.All.All(part => part.Desired > 0 && Differences[part.Service.Running().TaskDefinition].Count > 0) ? parts.Active : null);

    /// <summary>That an older release than the one that runs is wanted; <see langword="null"/> when none is, or it is not known.</summary>
    /// <remarks>
    /// https://docs.datomic.com/operation/deployment.html#downgrading: "Generally speaking, you should never downgrade peers or transactors
    /// to older versions of Datomic."
    /// </remarks>
    public string? Downgrade(StepRun run)
    {
        var wanted = run.Text(run.Step<TransactorStep>().Version);
        return IsOlder(Writing, wanted) ? $"Datomic Pro {Writing} runs and {wanted} is older: {NoDowngrade}" : null;
    }

    /// <summary>
    /// That the new transactors look for heartbeats more often than the one that runs writes them, and take it for dead;
    /// <see langword="null"/> where two looks see one, with a fifth of an interval to spare.
    /// </summary>
    /// <remarks>
    /// https://docs.datomic.com/operation/ha.html: "The standby transactor takes over if it sees the active transactor miss two consecutive
    /// heartbeats", and both run "with identical transactor properties files".
    /// </remarks>
    public string? EarlyTakeover(StepRun run)
    {
        var (before, wanted) = ((long)Heartbeat.TotalMilliseconds, (long)TransactorDefinition.HeartbeatOf(run).TotalMilliseconds);
        return 5 * wanted < 3 * before
            ? $"heartbeat-interval-msec would be {wanted} instead of {before}: a new transactor looks twice before the one that runs has "
                + "written again, takes it for dead and takes over as it starts, before it has stood by; with "
                + $"{((3 * before) + 4) / 5} or more at a time it does not"
            : null;
    }

    /// <summary>What a cause says beside a way back to an older release; nothing for another one.</summary>
    public static string OlderRelease(string running, string? before) =>
        IsOlder(running, before) ? $", with Datomic Pro {before}, which is older than {running}: {NoDowngrade}" : string.Empty;

    private const string NoDowngrade =
        "Datomic advises against a downgrade without its support (https://docs.datomic.com/operation/deployment.html#downgrading)";

    private static bool IsOlder(string? running, string? wanted) =>
        running is not null
        && wanted is not null
        && ProRelease.Find(running) is { } from
        && ProRelease.Find(wanted) is { } to
        && to.IsBefore(from);

    /// <summary>Why there is no way back once the wanted release was active; <see langword="null"/> when it is open.</summary>
    public string? NoWayBack(StepRun run)
    {
        var wanted = run.Text(run.Step<TransactorStep>().Version);
        return Former.Select(former => NoWayBack(former, wanted)).FirstOrDefault(closed => closed is not null);
    }

    /// <summary>Why there is no way back from a release to the one before.</summary>
    /// <param name="former">The release before; <see langword="null"/> where it is not known.</param>
    /// <param name="wanted">The release.</param>
    public static string? NoWayBack(string? former, string wanted)
    {
        if (ProRelease.Find(wanted) is not { } to)
        {
            return null;
        }

        // Of a release that nothing names the oldest is assumed that a step may have.
        var from = former is null ? ProReleases.Oldest : ProRelease.Find(former);
        return from is not null && ProReleases.ChangeOfFormat(from, to) is { } change
            ? $"Datomic Pro {change} may change the storage's format, so that {former ?? "the release before"} could not read it any more"
            : null;
    }

    /// <summary>Registers the revision, or finds the one that an entry before has registered and not recorded, by its tag.</summary>
    public Task<string> Register(StepRun run) =>
        DefinitionRegistration.Register(
            run,
            Request.Request,
            Request.IsMadeOf,
            run.Record.Kept<TransactorProgress>().Registers,
            () => run.Save(run.Record.Keep<TransactorProgress>(progress => progress with { Registers = run.Account.EnteredAt }))
        );
}
