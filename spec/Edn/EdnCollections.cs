using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>A list in parentheses or a vector in brackets.</summary>
public sealed record EdnSequence : EdnValue
{
    private readonly int hash;

    /// <summary>A sequence of the items.</summary>
    public EdnSequence(SourcePosition position, bool isVector, IReadOnlyList<EdnValue> items)
        : base(position)
    {
        IsVector = isVector;
        Items = items;
        hash = items.Aggregate(17, (sum, item) => HashCode.Combine(sum, item));
    }

    /// <summary>Whether it is written in brackets.</summary>
    public bool IsVector { get; }

    /// <summary>The elements.</summary>
    public IReadOnlyList<EdnValue> Items { get; }

    /// <inheritdoc/>
    public override string Description => IsVector ? "a vector" : "a list";

    /// <inheritdoc/>
    public bool Equals(EdnSequence? other) => other is not null && hash == other.hash && Items.SequenceEqual(other.Items);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}

/// <summary>A map, each key once.</summary>
public sealed record EdnMap : EdnValue
{
    private readonly IReadOnlyDictionary<EdnValue, EdnValue> values;
    private readonly int hash;

    /// <summary>A map of the entries, whose keys differ.</summary>
    public EdnMap(SourcePosition position, IReadOnlyList<KeyValuePair<EdnValue, EdnValue>> entries)
        : base(position)
    {
        Entries = entries;
        values = entries.ToDictionary(entry => entry.Key, entry => entry.Value);
        hash = entries.Aggregate(entries.Count, (sum, entry) => sum ^ HashCode.Combine(entry.Key, entry.Value));
    }

    /// <summary>The entries, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<EdnValue, EdnValue>> Entries { get; }

    /// <inheritdoc/>
    public override string Description => "a map";

    /// <summary>The value under a key, or null.</summary>
    public EdnValue? this[EdnValue key] => values.GetValueOrDefault(key);

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
        && hash == other.hash
        && Entries.Count == other.Entries.Count
        && Entries.All(entry => entry.Value.Equals(other[entry.Key]));

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}

/// <summary>A set, each element once.</summary>
public sealed record EdnSet : EdnValue
{
    private readonly HashSet<EdnValue> values;
    private readonly int hash;

    /// <summary>A set of the items, which differ.</summary>
    public EdnSet(SourcePosition position, IReadOnlyList<EdnValue> items)
        : base(position)
    {
        Items = items;
        values = [.. items];
        hash = items.Aggregate(items.Count, (sum, item) => sum ^ item.GetHashCode());
    }

    /// <summary>The elements, in the order of the file.</summary>
    public IReadOnlyList<EdnValue> Items { get; }

    /// <inheritdoc/>
    public override string Description => "a set";

    /// <inheritdoc/>
    public bool Equals(EdnSet? other) => other is not null && hash == other.hash && values.SetEquals(other.values);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;
}
