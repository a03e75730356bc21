using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Functions over arrays and objects.</content>
internal static partial class JsonataFunctions
{
    private static IEnumerable<(string, int, Func<IReadOnlyList<object?>, object?, object?>)> Collections(JsonataClock clock)
    {
        yield return ("count", 1, (a, _) => (double)Many(At(a, 0)).Count);
        yield return ("exists", 1, (a, _) => At(a, 0) is not null);
        yield return ("append", 2, (a, _) => Appended(At(a, 0), At(a, 1)));
        yield return ("reverse", 1, (a, _) => At(a, 0) is { } v ? new JsonataArray(Enumerable.Reverse(Many(v))) : null);
        yield return ("distinct", 1, (a, _) => At(a, 0) is JsonataArray v ? Distinct(v) : At(a, 0));
        yield return ("shuffle", 1, (a, _) => At(a, 0) is { } v ? Shuffled(Many(v), clock) : null);
        yield return ("zip", 1, (a, _) => Zipped(a));
        yield return ("partition", 2, (a, _) => At(a, 0) is { } v ? Partitioned(Many(v), (int)Number(At(a, 1), "partition", 2)) : null);
        yield return ("range", 3, (a, _) => Ranged(Number(At(a, 0), "range"), Number(At(a, 1), "range", 2), Number(At(a, 2), "range", 3)));
        yield return ("keys", 1, (a, c) => Keys(Subject(a, c)));
        yield return ("lookup", 2, (a, c) => JsonataEvaluator.Looked(At(a, 0), String(At(a, 1), "lookup", 2)));
        yield return ("spread", 1, (a, c) => Spread(Subject(a, c)));
        yield return ("merge", 1, (a, _) => At(a, 0) is { } v ? Merged(Many(v)) : null);
        yield return ("type", 1, (a, _) => TypeOf(At(a, 0)));
        yield return ("error", 1, (a, _) => throw new JsonataException("D3137", At(a, 0) as string ?? "$error() function evaluated"));
        yield return (
            "assert",
            2,
            (a, _) => At(a, 0) is true ? null : throw new JsonataException("D3141", At(a, 1) as string ?? "$assert() statement failed")
        );
    }

    private static JsonataArray Distinct(JsonataArray items)
    {
        var distinct = new JsonataArray { IsSequence = items.IsSequence };
        foreach (var item in items)
        {
            if (!distinct.Exists(known => JsonataValue.DeepEquals(known, item)))
            {
                distinct.Add(item);
            }
        }

        return distinct;
    }

    private static JsonataArray Shuffled(JsonataArray items, JsonataClock clock)
    {
        var shuffled = new JsonataArray(items);
        for (var i = shuffled.Count - 1; i > 0; i--)
        {
            var j = (int)Math.Floor(clock.Random() * (i + 1));
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }

        return shuffled;
    }

    private static JsonataArray Zipped(IReadOnlyList<object?> arrays)
    {
        var all = arrays.Select(Many).ToList();
        var length = all.Count == 0 ? 0 : all.Min(a => a.Count);
        return new JsonataArray(Enumerable.Range(0, length).Select(i => new JsonataArray(all.Select(a => a[i]))));
    }

    private static JsonataArray Partitioned(JsonataArray items, int size) =>
        size < 1
            ? throw new JsonataException("D3137", "The chunk size of the partition function must be a positive number")
            : new JsonataArray(items.Chunk(size).Select(part => new JsonataArray(part)));

    private static JsonataArray Ranged(double first, double last, double step)
    {
        if (step == 0)
        {
            throw new JsonataException("D3137", "The increment of the range function must not be 0");
        }

        var range = new JsonataArray();
        for (var i = first; step > 0 ? i <= last : i >= last; i += step)
        {
            range.Add(i);
        }

        return range;
    }

    private static JsonataArray Keys(object? value) =>
        JsonataArray.Sequence(
            value switch
            {
                JsonataObject o => o.Keys,
                JsonataArray a => a.OfType<JsonataObject>().SelectMany(o => o.Keys).Distinct(),
                _ => [],
            }
        );

    private static object? Spread(object? value) =>
        value switch
        {
            JsonataObject o => JsonataArray.Sequence(o.Select(f => new JsonataObject { [f.Key] = f.Value })),
            JsonataArray a => JsonataArray.Sequence(a.SelectMany(item => Many(Spread(item)))),
            _ => value,
        };

    private static JsonataObject Merged(JsonataArray objects)
    {
        var merged = new JsonataObject();
        foreach (var o in objects)
        {
            foreach (var (name, value) in o as JsonataObject ?? throw Refused("merge", 1))
            {
                merged[name] = value;
            }
        }

        return merged;
    }

    private static object? TypeOf(object? value) =>
        value switch
        {
            null => null,
            JsonataNull => "null",
            bool => "boolean",
            double => "number",
            string => "string",
            JsonataArray => "array",
            JsonataFunction or Regex => "function",
            _ => "object",
        };
}
