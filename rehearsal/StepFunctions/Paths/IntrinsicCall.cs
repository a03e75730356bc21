using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>
/// A call of an intrinsic function, as <c>States.Format('{}', $.name)</c>.
/// Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html.
/// </summary>
public sealed class IntrinsicCall
{
    private readonly IReadOnlyList<IntrinsicArgument> _arguments;

    internal IntrinsicCall(string text, string function, IReadOnlyList<IntrinsicArgument> arguments)
    {
        Text = text;
        Function = function;
        _arguments = arguments;
    }

    /// <summary>The call as written.</summary>
    public string Text { get; }

    /// <summary>The function's name without <c>States.</c>.</summary>
    public string Function { get; }

    /// <summary>Parses a call. Throws <see cref="FormatException"/>.</summary>
    public static IntrinsicCall Parse(string text) => new IntrinsicParser(text).Call();

    /// <summary>Whether the text is a call of a known function.</summary>
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

    /// <summary>Evaluates the call. Throws <see cref="IntrinsicFailureException"/> or <see cref="PathNotFoundException"/>.</summary>
    public JsonNode? Evaluate(PathScope scope)
    {
        var values = _arguments.Select(a => a.Read(scope)).ToList();
        try
        {
            return IntrinsicFunctions.Call(Function, values, scope.Random);
        }
        catch (IntrinsicFailureException e)
        {
            throw new IntrinsicFailureException($"The function '{Text}' had the following error: {e.Message}");
        }
    }
}

/// <summary>One argument: a literal, a path or a call.</summary>
internal sealed record IntrinsicArgument(JsonNode? Literal, JsonPath? Path, IntrinsicCall? Call)
{
    public JsonNode? Read(PathScope scope) =>
        Call is not null ? Call.Evaluate(scope)
        : Path is not null ? Path.Read(scope)
        : Literal?.DeepClone();
}

/// <summary>An intrinsic function refuses its arguments (<c>States.IntrinsicFailure</c>).</summary>
public sealed class IntrinsicFailureException(string message) : Exception(message);
