using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>
/// A payload template (<c>Parameters</c>, <c>ResultSelector</c>, <c>ItemSelector</c>, <c>Assign</c>): fields whose name ends in <c>.$</c>
/// hold a path or an intrinsic call.
/// </summary>
public static class PayloadTemplate
{
    private const string Dynamic = ".$";

    /// <summary>The template with its dynamic fields replaced. Throws <see cref="TemplateFieldException"/> when a path leads nowhere,
    /// <see cref="IntrinsicFailureException"/> when a function refuses.</summary>
    public static JsonNode? Resolve(JsonNode? template, PathScope scope) =>
        template switch
        {
            JsonObject o => new JsonObject(o.Select(field => Field(field, scope))),
            JsonArray a => new JsonArray([.. a.Select(item => Resolve(item, scope))]),
            _ => template?.DeepClone(),
        };

    /// <summary>A path or an intrinsic call, evaluated. Throws as <see cref="JsonPath.Read"/> and
    /// <see cref="IntrinsicCall.Evaluate"/>.</summary>
    public static JsonNode? Evaluate(string expression, PathScope scope) =>
        expression.StartsWith('$') ? JsonPath.Parse(expression).Read(scope) : IntrinsicCall.Parse(expression).Evaluate(scope);

    /// <summary>Whether the text is a path or an intrinsic call.</summary>
    public static bool IsExpression(string text) => JsonPath.IsValid(text) || IntrinsicCall.IsValid(text);

    /// <summary>The dynamic fields whose value is neither a path nor an intrinsic call.</summary>
    public static IEnumerable<string> InvalidFields(JsonNode? template) =>
        template switch
        {
            JsonObject o => o.SelectMany(field =>
                !field.Key.EndsWith(Dynamic, StringComparison.Ordinal) ? InvalidFields(field.Value)
                : StateData.TryString(field.Value, out var text) && IsExpression(text) ? []
                : [field.Key]
            ),
            JsonArray a => a.SelectMany(InvalidFields),
            _ => [],
        };

    private static KeyValuePair<string, JsonNode?> Field(KeyValuePair<string, JsonNode?> field, PathScope scope)
    {
        if (!field.Key.EndsWith(Dynamic, StringComparison.Ordinal))
        {
            return new(field.Key, Resolve(field.Value, scope));
        }

        var expression = field.Value!.GetValue<string>();
        try
        {
            return new(field.Key[..^Dynamic.Length], Evaluate(expression, scope));
        }
        catch (PathNotFoundException) when (expression.StartsWith('$'))
        {
            throw new TemplateFieldException(
                $"The JSONPath '{expression}' specified for the field '{field.Key}' could not be found in the input "
                    + $"'{StateData.Text(scope.Input)}'"
            );
        }
        catch (PathNotFoundException e)
        {
            throw new TemplateFieldException($"The function '{expression}' had the following error: {e.Message}");
        }
    }
}

/// <summary>A field of a payload template cannot be filled (<c>States.Runtime</c>). The message is AWS's.</summary>
public sealed class TemplateFieldException(string message) : Exception(message);
