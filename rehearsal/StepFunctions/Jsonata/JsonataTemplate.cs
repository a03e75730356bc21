using System.Text.Json;
using System.Text.Json.Nodes;

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
static class JsonataTemplate
{
    /// <summary>The data with its expressions evaluated. Throws <see cref="JsonataFieldException"/>.</summary>
    public static JsonNode? Resolve(JsonNode? template, string field, IReadOnlyDictionary<string, JsonNode?> bindings, JsonataClock clock) =>
        throw new NotSupportedException($"JSONata is not played yet (field {field}, {bindings.Count} bindings at {clock.Now}).");

    /// <summary>The type's name in AWS's messages.</summary>
    public static string TypeName(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        _ => "boolean",
    };
}
