using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.StepFunctions.Definitions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>What an expression takes from the world.</summary>
/// <param name="Now">The virtual time.</param>
/// <param name="Random">A seeded draw, at least 0 and below 1.</param>
public sealed record JsonataClock(DateTimeOffset Now, Func<double> Random);

/// <summary>An expression in a field failed. The message is AWS's.</summary>
public sealed class JsonataFieldException(string field, string message) : Exception(message)
{
    /// <summary>The field, as <c>Output/name</c>.</summary>
    public string Field { get; } = field;
}

/// <summary>Data with JSONata expressions in it.</summary>
internal static class JsonataTemplate
{
    /// <summary>The data with its expressions evaluated. Throws <see cref="JsonataFieldException"/>.</summary>
    /// <param name="template">The data.</param>
    /// <param name="field">The name of the field that holds it.</param>
    /// <param name="bindings">The variables.</param>
    /// <param name="clock">What the functions take from the world.</param>
    public static JsonNode? Resolve(JsonNode? template, string field, IReadOnlyDictionary<string, JsonNode?> bindings, JsonataClock clock)
    {
        switch (template)
        {
            case JsonObject o:
                return new JsonObject(o.Select(f => KeyValuePair.Create(f.Key, Resolve(f.Value, $"{field}/{f.Key}", bindings, clock))));
            case JsonArray a:
                return new JsonArray([.. a.Select((item, i) => Resolve(item, $"{field}[{i}]", bindings, clock))]);
            default:
                return JsonataText.TryExpression(template, out var text) ? Evaluate(text, field, bindings, clock) : template?.DeepClone();
        }
    }

    private static JsonNode? Evaluate(string text, string field, IReadOnlyDictionary<string, JsonNode?> bindings, JsonataClock clock)
    {
        var named = $"The JSONata expression '{text}' specified for the field '{field}'";
        object? value;
        try
        {
            value = JsonataExpression.Parse(text).Evaluate(bindings, clock);
        }
        catch (JsonataException e)
        {
            throw new JsonataFieldException(field, $"{named} threw an error during evaluation. {e.Message}");
        }

        if (value is null)
        {
            throw new JsonataFieldException(field, $"{named} returned nothing (undefined).");
        }

        return JsonataValue.TryJson(value, out var node)
            ? node
            : throw new JsonataFieldException(field, $"{named} returned an unsupported result type.");
    }

    /// <summary>The type's name in AWS's messages.</summary>
    public static string TypeName(JsonNode? node) =>
        node?.GetValueKind() switch
        {
            null => "null",
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            _ => "boolean",
        };
}
