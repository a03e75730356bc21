using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>
/// The functions that expressions can call. Sources: https://docs.jsonata.org/ and, for the functions that Step Functions adds,
/// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html.
/// </summary>
internal static partial class JsonataFunctions
{
    private static readonly JsonSerializerOptions Pretty = new(DeepJson.Writing) { WriteIndented = true };

    /// <summary>Functions of JSONata that are known and not simulated.</summary>
    public static readonly IReadOnlyList<string> NotSimulated = ["formatNumber", "formatInteger", "parseInteger"];

    /// <summary>The functions' names bound to them.</summary>
    public static JsonataScope Scope(JsonataClock clock)
    {
        var scope = new JsonataScope(null);
        foreach (
            var (name, arity, call) in Texts().Concat(Numbers(clock)).Concat(Collections(clock)).Concat(HigherOrder()).Concat(Times(clock))
        )
        {
            scope[name] = new JsonataFunction(arity, call);
        }

        return scope;
    }

    /// <summary>A value's text, as <c>&amp;</c> and <c>$string</c> make it; nothing gives an empty text.</summary>
    public static string Text(object? value, bool pretty = false) =>
        value switch
        {
            null => "",
            string s => s,
            JsonataFunction => "",
            double d when double.IsFinite(d) => JsonataValue.Text(d),
            double => throw new JsonataException("D3001", "Attempting to invoke string function on Infinity or NaN"),
            _ => Shown(value, pretty),
        };

    /// <summary>A value as JSON text, for messages and texts.</summary>
    public static string Shown(object? value, bool pretty = false) =>
        JsonataValue.TryJson(WithoutFunctions(value), out var node) ? Written(node, pretty) : "";

    private static string Written(JsonNode? node, bool pretty) =>
        node is null ? "null" : node.ToJsonString(pretty ? Pretty : DeepJson.Writing);

    private static object? WithoutFunctions(object? value) =>
        value switch
        {
            JsonataFunction => "",
            double d => double.Parse(JsonataValue.Text(d), CultureInfo.InvariantCulture),
            JsonataArray a => new JsonataArray(a.Select(WithoutFunctions)),
            JsonataObject o => o.Aggregate(
                new JsonataObject(),
                (copy, field) =>
                {
                    copy[field.Key] = WithoutFunctions(field.Value);
                    return copy;
                }
            ),
            _ => value,
        };

    /// <summary>A deep copy.</summary>
    public static object? Copied(object? value) =>
        value switch
        {
            JsonataArray a => new JsonataArray(a.Select(Copied)),
            JsonataObject o => o.Aggregate(
                new JsonataObject(),
                (copy, field) =>
                {
                    copy[field.Key] = Copied(field.Value);
                    return copy;
                }
            ),
            _ => value,
        };

    /// <summary>Both values in one array; nothing adds nothing.</summary>
    public static object? Appended(object? left, object? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }

        return JsonataArray.Sequence((left as JsonataArray ?? [left]).Concat(right as JsonataArray ?? [right]));
    }

    /// <summary>The items in order; equal ones keep theirs.</summary>
    public static IEnumerable<object?> StableSorted(IEnumerable<object?> items, Comparison<object?> comparison) =>
        items.Order(Comparer<object?>.Create(comparison));

    private static JsonataArray Many(object? value) => value as JsonataArray ?? (value is null ? [] : [value]);

    private static object? At(IReadOnlyList<object?> arguments, int index) => index < arguments.Count ? arguments[index] : null;

    /// <summary>The first argument, or the context where the call gives none.</summary>
    private static object? Subject(IReadOnlyList<object?> arguments, object? context) => arguments.Count == 0 ? context : arguments[0];

    private static JsonataException Refused(string function, int argument) =>
        new("T0410", $"Argument {argument} of function \"{function}\" does not match function signature");

    private static string String(object? value, string function, int argument = 1) => value as string ?? throw Refused(function, argument);

    private static double Number(object? value, string function, int argument = 1) => value as double? ?? throw Refused(function, argument);

    private static JsonataFunction Function(object? value, string function, int argument = 2) =>
        value as JsonataFunction ?? throw Refused(function, argument);
}
