using System.Text.Json;

namespace Deployer.Rehearsal.World;

/// <summary>What the store needs of a table whatever its records are.</summary>
internal interface ITable
{
    string Name { get; }

    void Load(string key, JsonElement? value);

    JsonElement? Save(string key);

    IEnumerable<string> Keys { get; }
}

/// <summary>
/// Records by key, in ordinal order of their keys. Records are live objects: after changing one, call <see cref="Put"/>
/// again so that the change is journalled.
/// </summary>
public sealed class Table<T> : ITable
    where T : class
{
    private readonly Store _store;
    private readonly Dictionary<string, T> _records = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private TableVersions<T>? _versions;

    internal Table(Store store, string name)
    {
        _store = store;
        Name = name;
    }

    /// <summary>The table's name.</summary>
    public string Name { get; }

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    IEnumerable<string> ITable.Keys => _keys;

    /// <summary>The record, or <see langword="null"/>.</summary>
    public T? Get(string key)
    {
        var live = _records.GetValueOrDefault(key);
        return _versions is { } versions && _store.ReadingAsOf is { } moment ? versions.At(moment, key, live) : live;
    }

    /// <summary>Adds or replaces a record.</summary>
    public void Put(string key, T value)
    {
        _records[key] = value;
        _keys.Add(key);
        _versions?.Changed(_store.Clock(), key, value);
        _store.Changed(this, key);
    }

    /// <summary>Removes a record; says whether there was one.</summary>
    public bool Remove(string key)
    {
        if (!_records.Remove(key))
        {
            return false;
        }

        _keys.Remove(key);
        _versions?.Changed(_store.Clock(), key, null);
        _store.Changed(this, key);
        return true;
    }

    /// <summary>The smallest key, or <see langword="null"/> when the table is empty.</summary>
    public string? FirstKey => _keys.Min;

    /// <summary>
    /// The records whose keys are not behind <paramref name="last"/>, in their order; the table is not to be changed while they are walked.
    /// </summary>
    public IEnumerable<T> UpTo(string last) => _keys.TakeWhile(key => string.CompareOrdinal(key, last) <= 0).Select(key => _records[key]);

    /// <summary>
    /// The records whose keys begin with <paramref name="prefix"/>, as they are now: the table may be changed while they are walked.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, T>> WithPrefix(string prefix)
    {
        if (_versions is { } versions && _store.ReadingAsOf is { } moment)
        {
            return
            [
                .. _keys
                    .Concat(versions.Keys)
                    .Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(key => KeyValuePair.Create(key, Get(key)))
                    .Where(pair => pair.Value is not null)
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!)),
            ];
        }

        var found = new List<KeyValuePair<string, T>>();
        var view = prefix.Length == 0 ? _keys : _keys.GetViewBetween(prefix, prefix + '\uffff');
        foreach (var key in view)
        {
            found.Add(new(key, _records[key]));
        }

        return found;
    }

    /// <summary>From now on earlier versions are kept for a while.</summary>
    internal void KeepVersions(Func<T, T> copy) => _versions ??= new TableVersions<T>(copy, _records);

    void ITable.Load(string key, JsonElement? value)
    {
        if (value is { } element)
        {
            _records[key] = element.Deserialize<T>(Store.Json) ?? throw new InvalidDataException($"{Name}/{key}: an empty record");
            _keys.Add(key);
            _versions?.Loaded(key, _records[key]);
        }
        else if (_records.Remove(key))
        {
            _keys.Remove(key);
        }
    }

    JsonElement? ITable.Save(string key) =>
        _records.TryGetValue(key, out var value) ? JsonSerializer.SerializeToElement(value, Store.Json) : null;
}
