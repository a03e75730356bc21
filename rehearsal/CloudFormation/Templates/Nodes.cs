using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Template values as CloudFormation sees them: scalars are text, whichever JSON type they were written in.</summary>
public static class Nodes
{
    /// <summary>The text of a scalar (<c>true</c>, <c>80</c>, <c>x</c>), or null when the node is none.</summary>
    public static string? Text(this JsonNode? node) =>
        node is not JsonValue value
            ? null
            : value.GetValueKind() switch
            {
                JsonValueKind.String => value.GetValue<string>(),
                JsonValueKind.True => "true",
                JsonValueKind.False => "false",
                _ => value.ToJsonString(),
            };

    /// <summary>Whether two values are the same to CloudFormation: a number equals its text, the order of keys is of no matter.</summary>
    public static bool Same(JsonNode? a, JsonNode? b) =>
        (a, b) switch
        {
            (null, null) => true,
            (JsonValue, JsonValue) => a.Text() == b.Text(),
            (JsonArray x, JsonArray y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second)),
            (JsonObject x, JsonObject y) => x.Count == y.Count
                && x.All(entry => y.TryGetPropertyValue(entry.Key, out var other) && Same(entry.Value, other)),
            _ => false,
        };

    /// <summary>The single key and argument of an object that may be a function call.</summary>
    internal static bool IsCall(this JsonNode? node, out string name, out JsonNode? argument)
    {
        (name, argument) = ("", null);
        if (node is not JsonObject { Count: 1 } map)
        {
            return false;
        }

        (name, argument) = map.First();
        return name is "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal);
    }
}
