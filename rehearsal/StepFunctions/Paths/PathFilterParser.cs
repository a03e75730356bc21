using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.StepFunctions.Paths;

/// <summary>Reads the condition of a <c>[?(…)]</c> step.</summary>
internal sealed class PathFilterParser(string text, int start)
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "=~", "<", ">", "nin ", "in "];

    private int _at = start;

    public int End => _at;

    public PathFilter Filter()
    {
        var parts = new List<PathFilter> { And() };
        while (Take("||"))
        {
            parts.Add(And());
        }

        return parts is [var only] ? only : new AnyFilter(parts);
    }

    private PathFilter And()
    {
        var parts = new List<PathFilter> { Unary() };
        while (Take("&&"))
        {
            parts.Add(Unary());
        }

        return parts is [var only] ? only : new AllFilter(parts);
    }

    private PathFilter Unary()
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

    private FilterOperand Operand()
    {
        Spaces();
        if (_at >= text.Length)
        {
            throw Fault();
        }

        switch (text[_at])
        {
            case '@' or '$':
                var parser = new JsonPathParser(text, _at, text[_at]);
                var path = parser.Prefix();
                _at = parser.End;
                return new(path, null);
            case '\'' or '"':
                return new(null, JsonValue.Create(Delimited(text[_at])));
            default:
                return new(null, Literal());
        }
    }

    private FilterOperand Pattern()
    {
        Spaces();
        return _at < text.Length && text[_at] == '/' ? new(null, JsonValue.Create(Delimited('/'))) : throw Fault();
    }

    private string Delimited(char delimiter)
    {
        var end = text.IndexOf(delimiter, _at + 1);
        if (end < 0)
        {
            throw Fault();
        }

        var value = text[(_at + 1)..end];
        _at = end + 1;
        return value;
    }

    private JsonNode? Literal()
    {
        var begin = _at;
        var depth = 0;
        while (_at < text.Length && (depth > 0 || text[_at] is not (')' or '&' or '|' or ' ')))
        {
            depth += text[_at] switch
            {
                '[' => 1,
                ']' => -1,
                _ => 0,
            };
            _at++;
        }

        try
        {
            return JsonNode.Parse(text[begin.._at].Replace('\'', '"'));
        }
        catch (JsonException)
        {
            throw Fault();
        }
    }

    private bool Take(string token)
    {
        Spaces();
        if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0)
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private void Spaces()
    {
        while (_at < text.Length && text[_at] == ' ')
        {
            _at++;
        }
    }

    private FormatException Fault() => new($"The filter in '{text}' is not valid (at position {_at})");
}
