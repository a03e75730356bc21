using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>The marks around a JSONata expression in a string: <c>{% … %}</c>.</summary>
public static class JsonataText
{
    /// <summary>The expression between the marks; false when the node is a plain value.</summary>
    public static bool TryExpression(JsonNode? node, out string expression)
    {
        expression = "";
        if (
            !StateData.TryString(node, out var text)
            || !text.StartsWith("{%", StringComparison.Ordinal)
            || !text.EndsWith("%}", StringComparison.Ordinal)
            || text.Length < 4
        )
        {
            return false;
        }

        expression = text[2..^2].Trim();
        return true;
    }
}
