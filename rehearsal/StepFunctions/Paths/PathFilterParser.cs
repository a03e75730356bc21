using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the condition of a <c>[?(…)]</c> step.</summary>
sealed class PathFilterParser(string text, int start)
{
    static readonly string[] Operators = ["==", "!=", "<=", ">=", "=~", "<", ">", "nin ", "in "];

    int at = start;

    public int End => at;

    public PathFilter Filter()
    {
        var parts = new List<PathFilter> { And() };
        while (Take("||"))
        {
            parts.Add(And());
        }
        return parts is [var only] ? only : new AnyFilter(parts);
    }

    PathFilter And()
    {
        var parts = new List<PathFilter> { Unary() };
        while (Take("&&"))
        {
            parts.Add(Unary());
        }
        return parts is [var only] ? only : new AllFilter(parts);
    }

    PathFilter Unary()
    {
        if (Take("!"))
        {
            return new NotFilter(Unary());
        }
        if (Take("("))
        {
            var inner = Filter();
            return Take(")") ? inner : throw Fault();
        }
        var left = Operand();
        var found = Array.Find(Operators, Take);
        return found is null ? new ExistsFilter(left) : new CompareFilter(left, found.Trim(), found == "=~" ? Pattern() : Operand());
    }

    FilterOperand Operand()
    {
        Spaces();
        if (at >= text.Length)
        {
            throw Fault();
        }
        switch (text[at])
        {
            case '@' or '$':
                var parser = new JsonPathParser(text, at, text[at]);
                var path = parser.Prefix();
                at = parser.End;
                return new(path, null);
            case '\'' or '"':
                return new(null, JsonValue.Create(Delimited(text[at])));
            default:
                return new(null, Literal());
        }
    }

    FilterOperand Pattern()
    {
        Spaces();
        return at < text.Length && text[at] == '/' ? new(null, JsonValue.Create(Delimited('/'))) : throw Fault();
    }

    string Delimited(char delimiter)
    {
        var end = text.IndexOf(delimiter, at + 1);
        if (end < 0)
        {
            throw Fault();
        }
        var value = text[(at + 1)..end];
        at = end + 1;
        return value;
    }

    JsonNode? Literal()
    {
        var begin = at;
        var depth = 0;
        while (at < text.Length && (depth > 0 || text[at] is not (')' or '&' or '|' or ' ')))
        {
            depth += text[at] switch { '[' => 1, ']' => -1, _ => 0 };
            at++;
        }
        try
        {
            return JsonNode.Parse(text[begin..at].Replace('\'', '"'));
        }
        catch (JsonException)
        {
            throw Fault();
        }
    }

    bool Take(string token)
    {
        Spaces();
        if (string.CompareOrdinal(text, at, token, 0, token.Length) != 0)
        {
            return false;
        }
        at += token.Length;
        return true;
    }

    void Spaces()
    {
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }
    }

    FormatException Fault() => new($"The filter in '{text}' is not valid (at position {at})");
}
