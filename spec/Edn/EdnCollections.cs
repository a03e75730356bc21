using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>A list in parentheses or a vector in brackets.</summary>
public sealed record EdnSequence : EdnValue
{
    private readonly int _hash;

    /// <summary>A sequence of the items.</summary>
    public EdnSequence(SourcePosition position, bool isVector, IReadOnlyList<EdnValue> items)
        : base(position)
    {
        IsVector = isVector;
        Items = items;
        _hash = items.Aggregate(17, (sum, item) => HashCode.Combine(sum, item));
    }

    /// <summary>Whether it is written in brackets.</summary>
    public bool IsVector { get; }

    /// <summary>The elements.</summary>
    public IReadOnlyList<EdnValue> Items { get; }

    /// <inheritdoc/>
    public override string Description => IsVector ? "a vector" : "a list";

    /// <inheritdoc/>
    public bool Equals(EdnSequence? other) => other is not null && _hash == other._hash && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}

/// <summary>A map, each key once.</summary>
public sealed record EdnMap : EdnValue
{
    private readonly IReadOnlyDictionary<EdnValue, EdnValue> _values;
    private readonly int _hash;

    /// <summary>A map of the entries, whose keys differ.</summary>
    public EdnMap(SourcePosition position, IReadOnlyList<KeyValuePair<EdnValue, EdnValue>> entries)
        : base(position)
    {
        Entries = entries;
        _values = entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        _hash = entries.Aggregate(entries.Count, (sum, entry) => sum ^ HashCode.Combine(entry.Key, entry.Value));
    }

    /// <summary>The entries, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<EdnValue, EdnValue>> Entries { get; }

    /// <inheritdoc/>
    public override string Description => "a map";

    /// <summary>The value under a key, or null.</summary>
    public EdnValue? this[EdnValue key] => _values.GetValueOrDefault(key);

    /// <summary>The value under a keyword, given without its colon (<c>mvn/version</c>), or null.</summary>
    public EdnValue? this[string keyword] =>
        this[
            keyword.Split('/') is [var ns, var name]
                ? new EdnKeyword(Position, ns, name)
                : new EdnKeyword(Position, Namespace: null, keyword)
        ];

    /// <inheritdoc/>
    public bool Equals(EdnMap? other) =>
        other is not null
        && _hash == other._hash
        && Entries.Count == other.Entries.Count
        && Entries.All(entry => entry.Value.Equals(other[entry.Key]));

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}

/// <summary>A set, each element once.</summary>
public sealed record EdnSet : EdnValue
{
    private readonly HashSet<EdnValue> _values;
    private readonly int _hash;

    /// <summary>A set of the items, which differ.</summary>
    public EdnSet(SourcePosition position, IReadOnlyList<EdnValue> items)
        : base(position)
    {
        Items = items;
        _values = [.. items];
        _hash = items.Aggregate(items.Count, (sum, item) => sum ^ item.GetHashCode());
    }

    /// <summary>The elements, in the order of the file.</summary>
    public IReadOnlyList<EdnValue> Items { get; }

    /// <inheritdoc/>
    public override string Description => "a set";

    /// <inheritdoc/>
    public bool Equals(EdnSet? other) => other is not null && _hash == other._hash && _values.SetEquals(other._values);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
