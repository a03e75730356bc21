using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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
    /// <remarks>
    /// A regular expression that takes too long ends as an expression does that takes too long, in JSONata's words:
    /// https://github.com/jsonata-js/jsonata/blob/master/test/run-test-suite.js.
    /// </remarks>
    public object? Evaluate(IReadOnlyDictionary<string, JsonNode?> bindings, JsonataClock clock)
    {
        var scope = new JsonataScope(JsonataFunctions.Scope(clock));
        foreach (var (name, value) in bindings)
        {
            scope[name] = JsonataValue.From(value);
        }

        try
        {
            return new JsonataEvaluator().Evaluate(_syntax, null, new JsonataScope(scope));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new JsonataException("U1001", "Expression evaluation timeout: Check for infinite loop");
        }
    }
}
