namespace Deployer.Rehearsal.Datomic.Edn;

/// <summary>A map, in the order it was written.</summary>
internal sealed record EdnMap(IReadOnlyList<KeyValuePair<object, object?>> Entries)
{
    public static readonly EdnMap Empty = new([]);

    /// <summary>The value under a keyword, or <see langword="null"/>.</summary>
    public object? this[string keyword] => Find(new Keyword(keyword));

    /// <summary>The value under any key, or <see langword="null"/>.</summary>
    public object? Find(object key) => Entries.FirstOrDefault(entry => entry.Key.Equals(key)).Value;

    /// <summary>A string or symbol under a keyword as text: ion-dev takes either for names.</summary>
    public string? Text(string keyword) =>
        this[keyword] switch
        {
            string text => text,
            Symbol symbol => symbol.Name,
            _ => null,
        };
}

/// <summary>A list, in parentheses.</summary>
internal sealed record EdnList(IReadOnlyList<object?> Items);

/// <summary>A vector or a set.</summary>
internal sealed record EdnVector(IReadOnlyList<object?> Items);
