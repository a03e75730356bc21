using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>
/// The values of JSONata: a C# null is <em>nothing</em> (undefined), <see cref="JsonataNull"/> is JSON's null, then bool, double, string,
/// <see cref="JsonataArray"/>, <see cref="JsonataObject"/>, <see cref="JsonataFunction"/> and regular expressions.
/// </summary>
internal static class JsonataValue
{
    public static object? From(JsonNode? node)
    {
        switch (node)
        {
            case null:
                return JsonataNull.Value;
            case JsonArray array:
                return new JsonataArray(array.Select(From));
            case JsonObject o:
                var result = new JsonataObject();
                foreach (var (name, value) in o)
                {
                    result[name] = From(value);
                }

                return result;
            default:
                return node.GetValueKind() switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    JsonValueKind.String => node.GetValue<string>(),
                    _ => double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
                };
        }
    }

    /// <summary>The value as JSON. Functions and regular expressions have none: false.</summary>
    public static bool TryJson(object? value, out JsonNode? node)
    {
        node = null;
        switch (value)
        {
            case JsonataNull:
                return true;
            case bool b:
                node = JsonValue.Create(b);
                return true;
            case double d:
                node = StateData.Number(d);
                return true;
            case string s:
                node = JsonValue.Create(s);
                return true;
            case JsonataArray array:
                var items = new JsonArray();
                foreach (var item in array)
                {
                    if (!TryJson(item ?? JsonataNull.Value, out var inner))
                    {
                        return false;
                    }

                    items.Add(inner);
                }

                node = items;
                return true;
            case JsonataObject o:
                var fields = new JsonObject();
                foreach (var (name, field) in o)
                {
                    if (field is null)
                    {
                        continue;
                    }

                    if (!TryJson(field, out var inner))
                    {
                        return false;
                    }

                    fields[name] = inner;
                }

                node = fields;
                return true;
            default:
                return false;
        }
    }

    public static bool DeepEquals(object? left, object? right) =>
        (left, right) switch
        {
            (JsonataArray a, JsonataArray b) => a.Count == b.Count && a.Zip(b).All(p => DeepEquals(p.First, p.Second)),
            (JsonataObject a, JsonataObject b) => a.Count == b.Count
                && a.All(p => b.TryGetValue(p.Key, out var other) && DeepEquals(p.Value, other)),
            _ => Equals(left, right),
        };

    /// <summary>JSONata's <c>$boolean</c>; nothing is false.</summary>
    public static bool IsTrue(object? value) =>
        value switch
        {
            bool b => b,
            string s => s.Length > 0,
            double d => d != 0,
            JsonataArray { Count: 1 } a => IsTrue(a[0]),
            JsonataArray a => a.Any(IsTrue),
            JsonataObject o => o.Count > 0,
            _ => false,
        };

    /// <summary>A number as JavaScript writes it.</summary>
    public static string Text(double number)
    {
        var rounded = double.Parse(number.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded == Math.Floor(rounded) && Math.Abs(rounded) < 1e21
            ? rounded.ToString("F0", CultureInfo.InvariantCulture)
            : rounded.ToString("R", CultureInfo.InvariantCulture).Replace("E", "e", StringComparison.Ordinal);
    }
}

/// <summary>JSON's null.</summary>
internal sealed class JsonataNull
{
    public static readonly JsonataNull Value = new();
}

/// <summary>An object, its fields in order.</summary>
internal sealed class JsonataObject : Dictionary<string, object?>;

/// <summary>An array. A sequence is the result of a path: with one item it stands for the item, with none for nothing.</summary>
internal sealed class JsonataArray : List<object?>
{
    public JsonataArray() { }

    public JsonataArray(IEnumerable<object?> items)
        : base(items) { }

    /// <summary>Whether it is the result of a path.</summary>
    public bool IsSequence { get; init; }

    /// <summary>Whether it was written as an array, which a path does not take apart.</summary>
    public bool IsConstructed { get; init; }

    /// <summary>Whether one item stays an array.</summary>
    public bool KeepsSingleton { get; set; }

    public static JsonataArray Sequence(params IEnumerable<object?> items) => new(items) { IsSequence = true };
}

/// <summary>Something that can be called.</summary>
internal sealed class JsonataFunction(int arity, Func<IReadOnlyList<object?>, object?, object?> call)
{
    /// <summary>The number of parameters.</summary>
    public int Arity { get; } = arity;

    /// <summary>Calls it with arguments and the context value.</summary>
    public object? Call(IReadOnlyList<object?> arguments, object? context) => call(arguments, context);
}
