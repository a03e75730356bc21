using System.Text;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>
/// A JSONPath of the States language: <c>$</c> the input, <c>$$</c> the context object, <c>$name</c> a variable, then steps.
/// Source: https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<PathStep> _steps;

    internal JsonPath(string text, string root, IReadOnlyList<PathStep> steps)
    {
        Text = text;
        Root = root;
        _steps = steps;
    }

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary><c>$</c>, <c>$$</c>, or <c>$</c> and a variable's name.</summary>
    internal string Root { get; }

    internal IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>Whether the path leads to at most one value; others always give an array.</summary>
    public bool IsDefinite => _steps.All(s => s.IsDefinite);

    /// <summary>Parses a path. Throws <see cref="FormatException"/>.</summary>
    public static JsonPath Parse(string text) => new JsonPathParser(text).Path();

    /// <summary>Whether the text is a path.</summary>
    public static bool IsValid(string text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>The value that the path leads to (a copy). Throws <see cref="PathNotFoundException"/> when a definite path leads
    /// nowhere.</summary>
    public JsonNode? Read(PathScope scope) => Find(scope)?.DeepClone();

    internal JsonNode? Find(PathScope scope)
    {
        JsonNode? root;
        if (Root == "$")
        {
            root = scope.Input;
        }
        else if (Root == "$$")
        {
            root = scope.Context;
        }
        else if (!scope.Variables.TryGetValue(Root[1..], out root))
        {
            throw new PathNotFoundException($"No results for path: {Root}");
        }

        return Walk(root, scope);
    }

    internal JsonNode? Walk(JsonNode? root, PathScope scope)
    {
        var definite = IsDefinite;
        IReadOnlyList<JsonNode?> found = [root];
        for (var i = 0; i < _steps.Count; i++)
        {
            if (_steps[i] is FunctionStep function && !definite)
            {
                found = [.. function.Select(new JsonArray([.. found.Select(n => n?.DeepClone())]), scope)];
                continue;
            }

            found = [.. found.SelectMany(node => _steps[i].Select(node, scope))];
            if (definite && found.Count == 0)
            {
                var reached = Bracketed(i + 1);
                throw new PathNotFoundException(
                    i == _steps.Count - 1 ? $"No results for path: {reached}" : $"Missing property in path {reached}"
                );
            }
        }

        var single = definite || (_steps[^1] is FunctionStep && found.Count == 1);
        return single ? found[0] : new JsonArray([.. found.Select(n => n?.DeepClone())]);
    }

    private string Bracketed(int count)
    {
        var text = new StringBuilder("$");
        foreach (var step in _steps.Take(count))
        {
            text.Append(step.Text);
        }

        return text.ToString();
    }
}
