using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>When something could be written to a storage: what a writer sees that tries at every moment.</summary>
public sealed class WritablePeriods(RehearsalWorld world)
{
    private readonly Table<WritableTimes> _times = world.Store.Table<WritableTimes>("datomic/writable");

    /// <summary>The times without writes between the first transactor and now, oldest first; the last one may not be over.</summary>
    public IReadOnlyList<WriteGap> Gaps(string account, string region, string table)
    {
        var gaps = new List<WriteGap>();
        var periods = _times.Get(RegionalKey.Create(account, region, table))?.Periods ?? [];
        for (var at = 0; at < periods.Count; at++)
        {
            if (periods[at].Until is { } end)
            {
                gaps.Add(new WriteGap(end, at + 1 < periods.Count ? periods[at + 1].From : null));
            }
        }

        return gaps;
    }

    /// <summary>Whether something can be written now.</summary>
    public bool IsWritable(string account, string region, string table) =>
        _times.Get(RegionalKey.Create(account, region, table))?.Periods is [.., { Until: null }];

    /// <summary>A transactor takes over, from one that has ended or from one that lives and will find its heartbeat taken.</summary>
    internal void Begin(TransactorProcess process) =>
        Change(
            process,
            periods =>
                periods is [.., { Until: null } last]
                    ? [.. periods.SkipLast(1), last with { Task = process.Task }]
                    : [.. periods, new WritablePeriod(world.Now, Until: null) { Task = process.Task }]
        );

    /// <summary>A transactor that was active has ended; when another one has taken over before, nothing changes.</summary>
    internal void End(TransactorProcess process) =>
        Change(
            process,
            periods =>
                periods is [.., { Until: null } last] && (last.Task ?? process.Task) == process.Task
                    ? [.. periods.SkipLast(1), last with { Until = world.Now }]
                    : periods
        );

    private void Change(TransactorProcess process, Func<IReadOnlyList<WritablePeriod>, IReadOnlyList<WritablePeriod>> change)
    {
        var key = RegionalKey.Create(process.Account, process.Region, process.Table);
        _times.Put(key, new WritableTimes(change(_times.Get(key)?.Periods ?? [])));
    }

    private sealed record WritableTimes(IReadOnlyList<WritablePeriod> Periods);

    private sealed record WritablePeriod(DateTimeOffset From, DateTimeOffset? Until)
    {
        /// <summary>The task that writes; <see langword="null"/> in a record of an earlier version.</summary>
        public string? Task { get; init; }
    }
}

/// <summary>A time without writes.</summary>
/// <param name="From">When the active transactor ended.</param>
/// <param name="Until">When the next one took over; <see langword="null"/> while none has.</param>
public sealed record WriteGap(DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>How long it was; <see langword="null"/> while it is not over.</summary>
    public TimeSpan? Length => Until - From;
}
