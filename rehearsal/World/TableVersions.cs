namespace Deployer.Rehearsal.World;

/// <summary>The versions of a table's records of the last while: what a read that is behind sees.</summary>
internal sealed class TableVersions<T>
    where T : class
{
    /// <summary>How long a version is kept after the next one: longer than any read is behind.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Func<T, T> _copy;

    /// <summary>Copies of the records as they were put last: the live ones may change at any time.</summary>
    private readonly Dictionary<string, T> _last = new(StringComparer.Ordinal);

    /// <summary>What was replaced or removed, the oldest first; null for no record.</summary>
    private readonly Dictionary<string, List<(DateTimeOffset Until, T? Record)>> _earlier = new(StringComparer.Ordinal);

    /// <param name="copy">Copies a record.</param>
    /// <param name="records">The records that there are.</param>
    public TableVersions(Func<T, T> copy, IEnumerable<KeyValuePair<string, T>> records)
    {
        _copy = copy;
        foreach (var (key, record) in records)
        {
            Loaded(key, record);
        }
    }

    /// <summary>The keys of which there are earlier versions.</summary>
    public IEnumerable<string> Keys => _earlier.Keys;

    /// <summary>A record is there from before.</summary>
    public void Loaded(string key, T record) => _last[key] = _copy(record);

    /// <summary>A record was put, or removed.</summary>
    public void Changed(DateTimeOffset now, string key, T? record)
    {
        var before = _last.GetValueOrDefault(key);
        if (record is null)
        {
            _last.Remove(key);
        }
        else
        {
            _last[key] = _copy(record);
        }

        if (!_earlier.TryGetValue(key, out var versions))
        {
            _earlier[key] = versions = [];
        }

        versions.RemoveAll(version => version.Until <= now - Kept);

        // What stood for no time at all was never seen.
        if (versions.Count == 0 || versions[^1].Until < now)
        {
            versions.Add((now, before));
        }
    }

    /// <summary>The record as it stood at a moment; null when there was none.</summary>
    public T? At(DateTimeOffset moment, string key, T? live) =>
        _earlier.TryGetValue(key, out var versions) && versions.Find(version => version.Until > moment) is { Until.Ticks: > 0 } version
            ? version.Record
            : live;
}
