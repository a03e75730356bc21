namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Paths, filters and sorting.</content>
internal sealed partial class JsonataEvaluator
{
    private object? Path(IReadOnlyList<JsonataSyntax> steps, JsonataSyntax path, object? context, JsonataScope scope)
    {
        var input = context is JsonataArray array && steps[0] is not VariableSyntax ? array : JsonataArray.Sequence([context]);
        var result = input;
        var keep = path.KeepsArray;
        for (var i = 0; i < steps.Count; i++)
        {
            keep |= steps[i].KeepsArray;
            result =
                i == 0 && steps.Count > 1 && steps[0] is ArraySyntax first
                    ? Evaluate(first, context, scope) as JsonataArray ?? []
                    : Step(steps[i], result, i == steps.Count - 1, scope);
            if (result.Count == 0)
            {
                break;
            }
        }

        if (keep)
        {
            if (result.IsConstructed)
            {
                result = JsonataArray.Sequence([result]);
            }

            result = result.IsSequence ? result : JsonataArray.Sequence(result);
            result.KeepsSingleton = true;
        }

        return path is PathSyntax { Group: { } group } && result.Count > 0 ? Grouped(group, result, scope) : result;
    }

    private JsonataArray Step(JsonataSyntax step, JsonataArray input, bool last, JsonataScope scope)
    {
        if (step is SortSyntax sort)
        {
            var ordered = Sorted(sort, input, scope);
            return Shaped(step, ordered, scope) as JsonataArray ?? ordered;
        }

        var results = new List<object>();
        foreach (var item in input)
        {
            var value = step is NameSyntax name ? Shaped(step, Looked(item, name.Name), scope) : Evaluate(step, item, scope);
            if (step is ArraySyntax && last && value is JsonataArray constructed)
            {
                value = new JsonataArray(constructed) { IsConstructed = true };
            }

            if (value is not null)
            {
                results.Add(value);
            }
        }

        if (last && results is [JsonataArray { IsSequence: false } only])
        {
            return only;
        }

        var sequence = JsonataArray.Sequence();
        foreach (var result in results)
        {
            if (result is JsonataArray { IsConstructed: false } many)
            {
                sequence.AddRange(many);
            }
            else
            {
                sequence.Add(result);
            }
        }

        return sequence;
    }

    /// <summary>The field of an object, or of each object of an array.</summary>
    public static object? Looked(object? from, string name)
    {
        if (from is JsonataObject o)
        {
            return o.GetValueOrDefault(name);
        }

        if (from is not JsonataArray array)
        {
            return null;
        }

        var found = JsonataArray.Sequence();
        foreach (var item in array)
        {
            switch (Looked(item, name))
            {
                case null:
                    break;
                case JsonataArray many:
                    found.AddRange(many);
                    break;
                case var one:
                    found.Add(one);
                    break;
            }
        }

        return found.Count == 0 ? null
            : found.Count == 1 ? found[0]
            : found;
    }

    private static JsonataArray Wildcard(object? context)
    {
        var found = JsonataArray.Sequence();
        IEnumerable<object?> values = context switch
        {
            JsonataObject o => o.Values,
            JsonataArray a => a,
            _ => [],
        };
        foreach (var value in values)
        {
            Flatten(value, found);
        }

        return found;
    }

    private static void Flatten(object? value, JsonataArray into)
    {
        if (value is JsonataArray array)
        {
            array.ForEach(item => Flatten(item, into));
        }
        else if (value is not null)
        {
            into.Add(value);
        }
    }

    private static JsonataArray Descendants(object? context)
    {
        var found = JsonataArray.Sequence();
        var open = new Stack<object?>([context]);
        while (open.TryPop(out var value))
        {
            if (value is not (JsonataArray or null))
            {
                found.Add(value);
            }

            IEnumerable<object?> inner = value switch
            {
                JsonataObject o => o.Values,
                JsonataArray a => a,
                _ => [],
            };
            foreach (var item in inner.Reverse())
            {
                open.Push(item);
            }
        }

        return found;
    }

    private JsonataArray Filtered(JsonataSyntax filter, object? value, JsonataScope scope)
    {
        var items = value as JsonataArray ?? (value is null ? [] : JsonataArray.Sequence([value]));
        if (filter is LiteralSyntax { Value: double place })
        {
            var at = (int)Math.Floor(place);
            at = at < 0 ? items.Count + at : at;
            return at < 0 || at >= items.Count ? JsonataArray.Sequence() : items[at] as JsonataArray ?? JsonataArray.Sequence([items[at]]);
        }

        var results = JsonataArray.Sequence();
        for (var i = 0; i < items.Count; i++)
        {
            var judged = Evaluate(filter, items[i], scope);
            if (judged is double number)
            {
                judged = new JsonataArray([number]);
            }

            if (judged is JsonataArray { Count: > 0 } places && places.All(p => p is double))
            {
                results.AddRange(
                    places
                        .Cast<double>()
                        .Select(p => (int)Math.Floor(p))
                        .Where(p => (p < 0 ? items.Count + p : p) == i)
                        .Select(_ => items[i])
                );
            }
            else if (JsonataValue.IsTrue(judged))
            {
                results.Add(items[i]);
            }
        }

        return results;
    }

    private JsonataArray Sorted(SortSyntax sort, object? value, JsonataScope scope)
    {
        var items = value as JsonataArray ?? JsonataArray.Sequence([value]);
        return JsonataArray.Sequence(
            JsonataFunctions.StableSorted(
                items,
                (left, right) =>
                {
                    foreach (var (term, descending) in sort.Terms)
                    {
                        var a = Evaluate(term, left, scope);
                        var b = Evaluate(term, right, scope);
                        if (a is null || b is null)
                        {
                            if (a is null && b is null)
                            {
                                continue;
                            }

                            return a is null ? 1 : -1;
                        }

                        var order = (a, b) switch
                        {
                            (double x, double y) => x.CompareTo(y),
                            (string x, string y) => string.CompareOrdinal(x, y),
                            (double or string, double or string) => throw new JsonataException(
                                "T2007",
                                $"Type mismatch when comparing values {JsonataFunctions.Shown(a)} and {JsonataFunctions.Shown(b)} in "
                                    + "order-by clause"
                            ),
                            _ => throw new JsonataException(
                                "T2008",
                                "The expressions within an order-by clause must evaluate to numeric or string values"
                            ),
                        };
                        if (order != 0)
                        {
                            return descending ? -order : order;
                        }
                    }

                    return 0;
                }
            )
        );
    }
}
