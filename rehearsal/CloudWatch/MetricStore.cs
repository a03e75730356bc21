using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudWatch;

/// <summary>The metrics of every account: what was put, and what sources go on publishing.</summary>
public sealed class MetricStore(RehearsalWorld world)
{
    private readonly Table<MetricSeries> _series = world.Store.Table<MetricSeries>("cloudwatch/metrics");
    private readonly List<IMetricSource> _sources = [];

    /// <summary>The minute since 1970 of a moment.</summary>
    public static long Minute(DateTimeOffset time) => time.ToUnixTimeSeconds() / 60;

    /// <summary>Adds a source. Register all at start-up, in a fixed order.</summary>
    public void Register(IMetricSource source) => _sources.Add(source);

    /// <summary>Adds values to a metric.</summary>
    public void Put(string account, string region, MetricId metric, long minute, MetricValues values)
    {
        var key = Prefix(account, region) + metric.Key;
        var series = _series.Get(key) ?? new MetricSeries(metric);
        series.Minutes[minute] = series.Minutes.TryGetValue(minute, out var present) ? present.With(values) : values;
        _series.Put(key, series);
    }

    /// <summary>The metrics of an account and region. What a source publishes, it has put once.</summary>
    public IEnumerable<MetricId> Metrics(string account, string region) =>
        _series.WithPrefix(Prefix(account, region)).Select(entry => entry.Value.Id);

    /// <summary>A metric's values from one minute to before another one; nothing is known of the future.</summary>
    public SortedDictionary<long, MetricValues> Values(string account, string region, MetricId metric, long from, long to)
    {
        to = Math.Min(to, Minute(world.Now));
        var found = new SortedDictionary<long, MetricValues>();
        foreach (var (minute, values) in _series.Get(Prefix(account, region) + metric.Key)?.Minutes ?? [])
        {
            Add(minute, values);
        }

        foreach (var (published, minute, value) in _sources.SelectMany(source => source.Values(account, region, from, to)))
        {
            if (published.Key == metric.Key)
            {
                Add(minute, MetricValues.Single(value));
            }
        }

        return found;

        void Add(long minute, MetricValues values)
        {
            if (minute >= from && minute < to)
            {
                found[minute] = found.TryGetValue(minute, out var present) ? present.With(values) : values;
            }
        }
    }

    private static string Prefix(string account, string region) => RegionalKey.Prefix(account, region);
}
