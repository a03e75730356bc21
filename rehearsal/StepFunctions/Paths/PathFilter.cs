using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>The condition of a <c>[?(…)]</c> step.</summary>
internal abstract record PathFilter
{
    public abstract bool Accepts(JsonNode? node, PathScope scope);
}

internal sealed record AllFilter(IReadOnlyList<PathFilter> Parts) : PathFilter
{
    public override bool Accepts(JsonNode? node, PathScope scope) => Parts.All(p => p.Accepts(node, scope));
}

internal sealed record AnyFilter(IReadOnlyList<PathFilter> Parts) : PathFilter
{
    public override bool Accepts(JsonNode? node, PathScope scope) => Parts.Any(p => p.Accepts(node, scope));
}

internal sealed record NotFilter(PathFilter Inner) : PathFilter
{
    public override bool Accepts(JsonNode? node, PathScope scope) => !Inner.Accepts(node, scope);
}

/// <summary>One side of a comparison: a literal, or a path from the candidate (<c>@</c>) or the input (<c>$</c>).</summary>
internal sealed record FilterOperand(JsonPath? Path, JsonNode? Literal)
{
    public bool TryRead(JsonNode? node, PathScope scope, out JsonNode? value)
    {
        value = Literal;
        if (Path is null)
        {
            return true;
        }

        try
        {
            value = Path.Root == "@" ? Path.Walk(node, scope) : Path.Find(scope);
            return true;
        }
        catch (PathNotFoundException)
        {
            return false;
        }
    }
}

internal sealed record ExistsFilter(FilterOperand Operand) : PathFilter
{
    public override bool Accepts(JsonNode? node, PathScope scope) => Operand.TryRead(node, scope, out _);
}

internal sealed record CompareFilter(FilterOperand Left, string Operator, FilterOperand Right) : PathFilter
{
    public override bool Accepts(JsonNode? node, PathScope scope)
    {
        if (!Left.TryRead(node, scope, out var left) || !Right.TryRead(node, scope, out var right))
        {
            return false;
        }

        return Operator switch
        {
            "==" => JsonNode.DeepEquals(left, right),
            "!=" => !JsonNode.DeepEquals(left, right),
            "in" => right is JsonArray a && a.Any(n => JsonNode.DeepEquals(n, left)),
            "nin" => right is not JsonArray a || !a.Any(n => JsonNode.DeepEquals(n, left)),
            "=~" => StateData.TryString(left, out var text) && StateData.TryString(right, out var pattern) && IsMatch(text, pattern),
            _ => Order(left, right) is { } order
                && Operator switch
                {
                    "<" => order < 0,
                    "<=" => order <= 0,
                    ">" => order > 0,
                    _ => order >= 0,
                },
        };
    }

    private static bool IsMatch(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception exception) when (exception is ArgumentException or RegexMatchTimeoutException)
        {
            throw new PathNotFoundException($"the pattern {pattern}: {exception.Message}");
        }
    }

    private static int? Order(JsonNode? left, JsonNode? right) =>
        StateData.TryNumber(left, out var a) && StateData.TryNumber(right, out var b) ? a.CompareTo(b)
        : StateData.TryString(left, out var s) && StateData.TryString(right, out var t) ? string.CompareOrdinal(s, t)
        : null;
}
