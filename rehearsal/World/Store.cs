using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.World;

/// <summary>
/// The one store of all services: tables of records, journalled action by action, so that a world that was killed
/// anywhere stands afterwards as it stood after its last whole action.
/// </summary>
public sealed class Store : IDisposable
{
    private readonly Journal? _journal;
    private readonly Dictionary<string, ITable> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<string, JsonElement>> _unread = new(StringComparer.Ordinal);
    private readonly HashSet<(ITable Table, string Key)> _changed = [];
    private bool _isHeld;

    /// <summary>Opens the store in <paramref name="directory"/>, or one in memory.</summary>
    /// <exception cref="InvalidDataException">The folder holds something that is not a journal of this program.</exception>
    public Store(string? directory = null)
    {
        if (directory is not null)
        {
            _journal = Journal.Open(
                directory,
                (table, key, value) =>
                {
                    if (!_unread.TryGetValue(table, out var records))
                    {
                        _unread[table] = records = new(StringComparer.Ordinal);
                    }

                    if (value is { } element)
                    {
                        records[key] = element;
                    }
                    else
                    {
                        records.Remove(key);
                    }
                }
            );
        }
    }

    /// <summary>How records are written. Fields are included so that tuples survive.</summary>
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            IncludeFields = true,
            MaxDepth = 512,
            Converters = { new JsonStringEnumConverter(), new ConstantClassConverter() },
        };

    /// <summary>The table of this name, made on first use. One name stands for one record type.</summary>
    /// <exception cref="InvalidOperationException">The name is in use for another record type.</exception>
    public Table<T> Table<T>(string name)
        where T : class
    {
        if (_tables.TryGetValue(name, out var known))
        {
            return known as Table<T>
                ?? throw new InvalidOperationException(
                    $"table '{name}' holds {known.GetType().GenericTypeArguments[0].Name}, not {typeof(T).Name}"
                );
        }

        var table = new Table<T>(this, name);
        _tables[name] = table;
        if (_unread.Remove(name, out var records))
        {
            foreach (var (key, value) in records)
            {
                ((ITable)table).Load(key, value);
            }
        }

        return table;
    }

    /// <summary>The table of this name, of which earlier versions can be read for a while.</summary>
    /// <inheritdoc cref="Table{T}(string)"/>
    /// <param name="name">Its name.</param>
    /// <param name="copy">
    /// Copies a record so far that later changes of the live one do not show: an immutable record is its own copy.
    /// </param>
    internal Table<T> VersionedTable<T>(string name, Func<T, T> copy)
        where T : class
    {
        var table = Table<T>(name);
        table.KeepVersions(copy);
        return table;
    }

    /// <summary>The virtual time, by which versions are told apart.</summary>
    internal Func<DateTimeOffset> Clock { get; init; } = () => Epoch.Start;

    /// <summary>The moment as of which tables that keep versions are read; <see langword="null"/> for now.</summary>
    internal DateTimeOffset? ReadingAsOf { get; private set; }

    /// <summary>Reads tables that keep versions as they stood at a moment, at most <see cref="TableVersions{T}.Kept"/> ago.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="read">Changes nothing.</param>
    internal T ReadAsOf<T>(DateTimeOffset moment, Func<T> read)
    {
        var outer = ReadingAsOf;
        ReadingAsOf = moment;
        try
        {
            return read();
        }
        finally
        {
            ReadingAsOf = outer;
        }
    }

    internal void Changed(ITable table, string key) => _changed.Add((table, key));

    /// <summary>
    /// Has everything that changes from now on, whole actions of it, survive together or not at all: until <see cref="Release"/> nothing is
    /// written, and a world that ends before stands as it stood before.
    /// </summary>
    internal void Hold() => _isHeld = true;

    /// <summary>Writes what changed since <see cref="Hold"/>.</summary>
    internal void Release()
    {
        _isHeld = false;
        Commit();
    }

    /// <summary>Writes what changed since the last commit as one entry: all of it or nothing survives.</summary>
    internal void Commit()
    {
        if (_isHeld || Failure is not null)
        {
            return;
        }

        if (_journal is not null && _changed.Count > 0)
        {
            Append([
                .. _changed
                    .OrderBy(change => change.Table.Name, StringComparer.Ordinal)
                    .ThenBy(change => change.Key, StringComparer.Ordinal)
                    .Select(change => new JournalChange(change.Table.Name, change.Key, change.Table.Save(change.Key))),
            ]);
        }

        _changed.Clear();
    }

    /// <summary>
    /// Why nothing can be kept any more, a full disk; <see langword="null"/> while everything is. What follows a half-written entry could
    /// not be read, so nothing is written after it.
    /// </summary>
    internal Exception? Failure { get; private set; }

    private void Append(IReadOnlyList<JournalChange> changes)
    {
        try
        {
            _journal!.Append(changes);
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Commit();
            if (!_isHeld && Failure is null)
            {
                _journal?.Compact(All());
            }
        }
        finally
        {
            _journal?.Dispose();
        }
    }

    private IEnumerable<JournalChange> All()
    {
        foreach (var (name, records) in _unread)
        {
            foreach (var (key, value) in records)
            {
                yield return new(name, key, value);
            }
        }

        foreach (var table in _tables.Values)
        {
            foreach (var key in table.Keys)
            {
                yield return new(table.Name, key, table.Save(key));
            }
        }
    }
}
