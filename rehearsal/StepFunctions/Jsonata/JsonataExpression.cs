using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <summary>A parsed expression.</summary>
internal sealed class JsonataExpression
{
    private readonly JsonataSyntax _syntax;

    private JsonataExpression(JsonataSyntax syntax) => _syntax = syntax;

    /// <summary>Parses an expression. Throws <see cref="JsonataException"/>.</summary>
    public static JsonataExpression Parse(string text) => new(JsonataParser.Parse(text));

    /// <summary>What is wrong with an expression's text; null when nothing is.</summary>
    public static string? FaultOf(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (JsonataException e)
        {
            return e.Message;
        }
    }

    /// <summary>The expression's value, null when it is nothing. Throws <see cref="JsonataException"/>.</summary>
    public object? Evaluate(IReadOnlyDictionary<string, JsonNode?> bindings, JsonataClock clock)
    {
        var scope = new JsonataScope(JsonataFunctions.Scope(clock));
        foreach (var (name, value) in bindings)
        {
            scope[name] = JsonataValue.From(value);
        }

        return new JsonataEvaluator().Evaluate(_syntax, null, new JsonataScope(scope));
    }
}
