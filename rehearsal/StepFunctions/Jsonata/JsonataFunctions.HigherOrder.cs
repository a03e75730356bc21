namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Functions that call functions.</content>
internal static partial class JsonataFunctions
{
    private static IEnumerable<(string, int, Func<IReadOnlyList<object?>, object?, object?>)> HigherOrder()
    {
        yield return (
            "map",
            2,
            (a, _) =>
                At(a, 0) is null ? null : JsonataArray.Sequence(Called(Many(a[0]), Function(At(a, 1), "map")).Where(r => r is not null))
        );
        yield return ("filter", 2, (a, _) => At(a, 0) is null ? null : Kept(Many(a[0]), Function(At(a, 1), "filter")));
        yield return ("single", 2, (a, _) => At(a, 0) is null ? null : Single(Many(a[0]), At(a, 1) as JsonataFunction));
        yield return ("reduce", 3, (a, _) => At(a, 0) is null ? null : Reduced(Many(a[0]), Function(At(a, 1), "reduce"), At(a, 2)));
        yield return ("foldLeft", 3, (a, _) => At(a, 0) is null ? null : Reduced(Many(a[0]), Function(At(a, 1), "foldLeft"), At(a, 2)));
        yield return ("each", 2, (a, c) => Each(a.Count == 1 ? c : At(a, 0), Function(At(a, a.Count - 1), "each")));
        yield return ("sift", 2, (a, c) => Sifted(a.Count == 1 ? c : At(a, 0), Function(At(a, a.Count - 1), "sift")));
        yield return ("sort", 2, (a, _) => At(a, 0) is null ? null : Ordered(Many(a[0]), At(a, 1)));
    }

    private static object? Invoke(JsonataFunction function, params ReadOnlySpan<object?> arguments) =>
        function.Call([.. arguments[..Math.Clamp(function.Arity, 1, arguments.Length)]], null);

    private static IEnumerable<object?> Called(JsonataArray items, JsonataFunction function) =>
        items.Select((item, i) => Invoke(function, item, (double)i, items));

    private static JsonataArray Kept(JsonataArray items, JsonataFunction function) =>
        JsonataArray.Sequence(items.Where((item, i) => JsonataValue.IsTrue(Invoke(function, item, (double)i, items))));

    private static object? Single(JsonataArray items, JsonataFunction? function)
    {
        var kept = function is null ? items : Kept(items, function);
        return kept.Count switch
        {
            1 => kept[0],
            0 => throw new JsonataException("D3139", "The $single() function expected exactly 1 matching result.  Instead it matched 0."),
            _ => throw new JsonataException(
                "D3138",
                "The $single() function expected exactly 1 matching result.  Instead it matched more."
            ),
        };
    }

    private static object? Reduced(JsonataArray items, JsonataFunction function, object? initial)
    {
        if (function.Arity < 2)
        {
            throw new JsonataException("D3050", "The second argument of reduce function must be a function with at least two arguments");
        }

        var result = initial ?? (items.Count > 0 ? items[0] : null);
        for (var i = initial is null ? 1 : 0; i < items.Count; i++)
        {
            result = Invoke(function, result, items[i], (double)i, items);
        }

        return result;
    }

    private static JsonataArray Each(object? value, JsonataFunction function) =>
        JsonataArray.Sequence(
            (value as JsonataObject ?? []).Select(f => Invoke(function, f.Value, f.Key, value)).Where(r => r is not null)
        );

    private static JsonataObject? Sifted(object? value, JsonataFunction function)
    {
        var sifted = new JsonataObject();
        foreach (var (name, field) in value as JsonataObject ?? [])
        {
            if (JsonataValue.IsTrue(Invoke(function, field, name, value)))
            {
                sifted[name] = field;
            }
        }

        return sifted.Count == 0 ? null : sifted;
    }

    private static JsonataArray Ordered(JsonataArray items, object? comparator)
    {
        if (comparator is JsonataFunction function)
        {
            return new JsonataArray(
                StableSorted(
                    items,
                    (a, b) =>
                        JsonataValue.IsTrue(Invoke(function, a, b)) ? 1
                        : JsonataValue.IsTrue(Invoke(function, b, a)) ? -1
                        : 0
                )
            );
        }

        return items.All(i => i is double) ? new JsonataArray(items.Cast<double>().Order().Cast<object?>())
            : items.All(i => i is string) ? new JsonataArray(items.Cast<string>().Order(StringComparer.Ordinal))
            : throw new JsonataException(
                "D3070",
                "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use "
                    + "the second argument to specify a comparison function"
            );
    }
}
