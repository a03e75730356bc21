using System.Text.Json;

namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>Reads the nodes of a pattern. Whatever is not understood is refused.</summary>
internal static class PatternParser
{
    internal static FieldsNode Fields(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidEventPatternException("Filter is not an object");
        }

        var fields = new List<KeyValuePair<string, PatternNode>>();
        var alternatives = new List<FieldsNode>();
        foreach (var property in element.EnumerateObject())
        {
            if (property.Name == "$or")
            {
                alternatives.AddRange(Alternatives(property.Value));
            }
            else
            {
                fields.Add(new(property.Name, Field(property)));
            }
        }

        return fields.Count + alternatives.Count > 0
            ? new FieldsNode(fields, alternatives)
            : throw new InvalidEventPatternException("Empty objects are not allowed");
    }

    private static IEnumerable<FieldsNode> Alternatives(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 1
            ? list.EnumerateArray().Select(Fields)
            : throw new InvalidEventPatternException("'$or' must be an array of two or more objects");

    private static PatternNode Field(JsonProperty property) =>
        property.Value.ValueKind switch
        {
            JsonValueKind.Object => Fields(property.Value),
            JsonValueKind.Array when property.Value.GetArrayLength() > 0 => new TestsNode([
                .. property.Value.EnumerateArray().Select(Test),
            ]),
            JsonValueKind.Array => throw new InvalidEventPatternException("Empty arrays are not allowed"),
            _ => throw new InvalidEventPatternException($"\"{property.Name}\" must be an object or an array"),
        };

    private static ValueTest Test(JsonElement entry)
    {
        if (entry.ValueKind == JsonValueKind.Array)
        {
            throw new InvalidEventPatternException("Nested arrays are not allowed");
        }

        if (entry.ValueKind != JsonValueKind.Object)
        {
            return new LiteralTest(entry);
        }

        var (name, operand) = Single(entry);
        return name switch
        {
            "exists" => new ExistsTest(
                operand.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? operand.GetBoolean()
                    : throw new InvalidEventPatternException("exists match pattern must be either true or false.")
            ),
            "numeric" => new NumericTest(Comparisons(operand)),
            "anything-but" => new AnythingButTest(Excluded(operand)),
            "prefix" or "suffix" or "equals-ignore-case" or "wildcard" => Text(name, operand),
            "cidr" => throw new InvalidEventPatternException("the rehearsal does not simulate match type cidr"),
            _ => throw new InvalidEventPatternException($"Unrecognized match type {name}"),
        };
    }

    private static (string Name, JsonElement Operand) Single(JsonElement entry)
    {
        var properties = entry.EnumerateObject().ToList();
        return properties.Count == 1
            ? (properties[0].Name, properties[0].Value)
            : throw new InvalidEventPatternException("Only one key allowed in match expression");
    }

    private static TextTest Text(string name, JsonElement operand)
    {
        if (name is "prefix" or "suffix" && operand.ValueKind == JsonValueKind.Object)
        {
            var (inner, folded) = Single(operand);
            return inner == "equals-ignore-case"
                ? Text(name, Operand(name, folded), StringComparison.OrdinalIgnoreCase)
                : throw new InvalidEventPatternException($"Unsupported anything in {name}: {inner}");
        }

        return Text(name, Operand(name, operand), StringComparison.Ordinal);
    }

    private static TextTest Text(string name, string operand, StringComparison comparison) =>
        name switch
        {
            "prefix" => new TextTest(text => text.StartsWith(operand, comparison)),
            "suffix" => new TextTest(text => text.EndsWith(operand, comparison)),
            "equals-ignore-case" => new TextTest(text => text.Equals(operand, StringComparison.OrdinalIgnoreCase)),
            _ => new TextTest(Wildcard.Parse(operand).Matches),
        };

    private static string Operand(string name, JsonElement operand) =>
        operand.ValueKind == JsonValueKind.String
            ? operand.GetString()!
            : throw new InvalidEventPatternException($"{name} match pattern must be a string");

    private static IReadOnlyList<ValueTest> Excluded(JsonElement operand)
    {
        switch (operand.ValueKind)
        {
            case JsonValueKind.Array when operand.GetArrayLength() > 0:
                return [.. operand.EnumerateArray().Select(Literal)];
            case JsonValueKind.Object:
                var (name, inner) = Single(operand);
                if (name is not ("prefix" or "suffix" or "equals-ignore-case" or "wildcard"))
                {
                    throw new InvalidEventPatternException($"Unsupported anything-but pattern: {name}");
                }

                return inner.ValueKind == JsonValueKind.Array
                    ? [.. inner.EnumerateArray().Select(item => Text(name, item))]
                    : [Text(name, inner)];
            default:
                return [Literal(operand)];
        }
    }

    private static LiteralTest Literal(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? new LiteralTest(value)
            : throw new InvalidEventPatternException("Inside anything-but list, only strings or numbers are supported");

    private static List<Func<double, bool>> Comparisons(JsonElement operand)
    {
        var parts = operand.ValueKind == JsonValueKind.Array ? operand.EnumerateArray().ToList() : [];
        if (parts.Count is not (2 or 4))
        {
            throw new InvalidEventPatternException("numeric match pattern must be an array of one or two operators with their numbers");
        }

        var comparisons = new List<Func<double, bool>>();
        for (var i = 0; i < parts.Count; i += 2)
        {
            if (parts[i].ValueKind != JsonValueKind.String || parts[i + 1].ValueKind != JsonValueKind.Number)
            {
                throw new InvalidEventPatternException("Value of numeric operator must be a number");
            }

            var bound = parts[i + 1].GetDouble();
            comparisons.Add(
                parts[i].GetString() switch
                {
                    "=" => value => value.Equals(bound),
                    "<" => value => value < bound,
                    "<=" => value => value <= bound,
                    ">" => value => value > bound,
                    ">=" => value => value >= bound,
                    var other => throw new InvalidEventPatternException($"Unrecognized numeric range operator: {other}"),
                }
            );
        }

        return comparisons;
    }
}
