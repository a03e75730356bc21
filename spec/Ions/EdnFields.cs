using Deployer.Spec.Edn;
using Deployer.Spec.Faults;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Ions;

/// <summary>Takes typed values out of EDN maps and reports what has another type.</summary>
internal sealed class EdnFields(FaultList faults)
{
    /// <summary>The one map that a file consists of; null, with a fault, when it is something else.</summary>
    public EdnMap? File(ISourceFolder folder, RelativePath path)
    {
        if (SourceText.Read(folder, path, faults) is not { } text)
        {
            return null;
        }
        var reading = EdnReader.Read(text, path.Value);
        faults.AddRange(reading.Faults);
        switch (reading)
        {
            case { Forms: [EdnMap map] }:
                return map;
            case { Forms: [EdnMap, var second, ..] }:
                faults.Add(second.Position, $"{second.Description} follows the map", "one map in the file");
                return null;
            case { Forms: [var first, ..] }:
                faults.Add(first.Position, $"the file begins with {first.Description}", "one map in the file");
                return null;
            case { Faults.Count: 0 }:
                faults.Add(SourcePosition.StartOf(path.Value), "the file is empty", "one map in the file");
                return null;
            default:
                return null;
        }
    }

    /// <summary>
    /// Notices keys that are not known: Datomic ignores them (niamu/heroi.cc has <c>:system</c> and <c>:region</c> beside its own).
    /// </summary>
    public void CheckKeys(EdnMap map, string what, IReadOnlyCollection<string> known)
    {
        foreach (var (key, _) in map.Entries)
        {
            if (key is not EdnKeyword keyword || !known.Contains(keyword.FullName))
            {
                var name = key is EdnKeyword mistyped ? mistyped.FullName : "";
                var hint = NearestName.Find(name, known) is { } near ? $" (did you mean :{near}?)" : string.Empty;
                faults.AddNotice(key.Position, $"Datomic ignores the key {key} of {what}{hint}");
            }
        }
    }

    /// <summary>The value under a keyword when it has the type; null when it is missing, or reported.</summary>
    public T? Optional<T>(EdnMap map, string key, string expected)
        where T : EdnValue
    {
        if (map[key] is { } value and not T)
        {
            Refuse(value, key, expected);
        }
        return map[key] as T;
    }

    /// <summary>Like <see cref="Optional{T}"/>, but reports when the key is missing.</summary>
    public T? Required<T>(EdnMap map, string key, string what, string expected)
        where T : EdnValue
    {
        if (map[key] is null)
        {
            faults.Add(map.Position, $":{key} of {what} is missing", expected);
        }
        return Optional<T>(map, key, expected);
    }

    /// <summary>An integer within limits, or the default when the key is missing.</summary>
    public int Integer(EdnMap map, string key, int least, int most, int @default)
    {
        var expected = $"a whole number from {least} to {most}";
        switch (Optional<EdnInteger>(map, key, expected))
        {
            case null:
                return @default;
            case { Value: var value } when value >= least && value <= most:
                return (int)value;
            case var other:
                Refuse(other, key, expected);
                return @default;
        }
    }

    /// <summary>A symbol with a namespace, as it is written.</summary>
    public string? Function(EdnValue? value, string key)
    {
        const string Expected = "a fully qualified symbol such as inventory.ions/get-item";
        switch (value)
        {
            case null:
                return null;
            case EdnSymbol { Namespace: not null } symbol:
                return symbol.FullName;
            default:
                Refuse(value, key, Expected);
                return null;
        }
    }

    /// <summary>The items of a vector.</summary>
    public IReadOnlyList<EdnValue> Vector(EdnMap map, string key)
    {
        switch (map[key])
        {
            case null:
                return [];
            case EdnSequence { IsVector: true } vector:
                return vector.Items;
            case var other:
                Refuse(other, key, "a vector");
                return [];
        }
    }

    /// <summary>Reports a value that a key may not have.</summary>
    public void Refuse(EdnValue value, string key, string expected) =>
        faults.Add(value.Position, $":{key} is {value.Description}", expected);
}
