using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>One step of a <see cref="JsonPath"/>.</summary>
internal abstract record PathStep
{
    /// <summary>Whether the step leads to at most one value.</summary>
    public abstract bool IsDefinite { get; }

    /// <summary>The values that the step leads to from one value.</summary>
    public abstract IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope);

    /// <summary>The step in bracket notation, as AWS quotes it.</summary>
    public abstract string Text { get; }
}

internal sealed record PropertyStep(string Name) : PathStep
{
    public override bool IsDefinite => true;
    public override string Text => $"['{Name}']";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope) =>
        from is JsonObject o && o.TryGetPropertyValue(Name, out var value) ? [value] : [];
}

internal sealed record PropertiesStep(IReadOnlyList<string> Names) : PathStep
{
    public override bool IsDefinite => false;
    public override string Text => "[" + string.Join(',', Names.Select(n => $"'{n}'")) + "]";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope) =>
        from is JsonObject o ? Names.Where(o.ContainsKey).Select(n => o[n]) : [];
}

internal sealed record IndexStep(IReadOnlyList<int> Indexes) : PathStep
{
    public override bool IsDefinite => Indexes.Count == 1;
    public override string Text => $"[{string.Join(',', Indexes)}]";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope)
    {
        if (from is not JsonArray array)
        {
            yield break;
        }

        foreach (var index in Indexes)
        {
            var at = index < 0 ? array.Count + index : index;
            if (at >= 0 && at < array.Count)
            {
                yield return array[at];
            }
        }
    }
}

internal sealed record SliceStep(int? From, int? To, int Step) : PathStep
{
    public override bool IsDefinite => false;
    public override string Text => $"[{From}:{To}]";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope)
    {
        if (from is not JsonArray array)
        {
            yield break;
        }

        var start = Math.Max(0, From is < 0 ? array.Count + From.Value : From ?? 0);
        var end = Math.Min(array.Count, To is < 0 ? array.Count + To.Value : To ?? array.Count);
        for (var i = start; i < end; i += Step)
        {
            yield return array[i];
        }
    }
}

internal sealed record WildcardStep : PathStep
{
    public override bool IsDefinite => false;
    public override string Text => "[*]";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope) => Children(from);

    internal static IEnumerable<JsonNode?> Children(JsonNode? from) =>
        from switch
        {
            JsonArray array => array,
            JsonObject o => o.Select(p => p.Value),
            _ => [],
        };
}

/// <summary>Any depth below, and the value itself: <c>..</c>.</summary>
internal sealed record DescendantsStep : PathStep
{
    public override bool IsDefinite => false;
    public override string Text => "..";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope)
    {
        var open = new Stack<JsonNode?>([from]);
        while (open.TryPop(out var node))
        {
            yield return node;
            foreach (var child in WildcardStep.Children(node).Reverse())
            {
                open.Push(child);
            }
        }
    }
}

internal sealed record FilterStep(PathFilter Filter) : PathStep
{
    public override bool IsDefinite => false;
    public override string Text => "[?]";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope) =>
        (from is JsonObject ? [from] : WildcardStep.Children(from)).Where(node => Filter.Accepts(node, scope));
}

/// <summary>A function at the end of a path, as <c>.length()</c>.</summary>
internal sealed record FunctionStep(string Function) : PathStep
{
    internal static readonly IReadOnlySet<string> Known = new HashSet<string> { "length", "min", "max", "sum", "avg" };

    public override bool IsDefinite => true;
    public override string Text => $".{Function}()";

    public override IEnumerable<JsonNode?> Select(JsonNode? from, PathScope scope)
    {
        if (Function == "length")
        {
            return from switch
            {
                JsonArray a => [JsonValue.Create(a.Count)],
                JsonObject o => [JsonValue.Create(o.Count)],
                _ when StateData.TryString(from, out var text) => [JsonValue.Create(text.Length)],
                _ => [],
            };
        }

        var numbers = WildcardStep.Children(from).Where(n => StateData.TryNumber(n, out _)).Select(Value).ToList();
        if (numbers.Count == 0)
        {
            return [];
        }

        return
        [
            StateData.Number(
                Function switch
                {
                    "min" => numbers.Min(),
                    "max" => numbers.Max(),
                    "sum" => numbers.Sum(),
                    _ => numbers.Average(),
                }
            ),
        ];
    }

    private static double Value(JsonNode? node)
    {
        StateData.TryNumber(node, out var number);
        return number;
    }
}
