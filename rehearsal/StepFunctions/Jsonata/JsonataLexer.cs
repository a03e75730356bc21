using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

internal enum JsonataTokenKind
{
    End,
    Operator,
    Name,
    Variable,
    Literal,
    Regex,
}

/// <param name="Kind">The kind.</param>
/// <param name="Text">The operator, or the name of a field or variable.</param>
/// <param name="Value">The value of a literal, or the pattern.</param>
/// <param name="Quoted">Whether a name stands in backquotes, and so is no keyword.</param>
internal sealed record JsonataToken(JsonataTokenKind Kind, string Text, object? Value = null, bool Quoted = false);

/// <summary>Cuts an expression into tokens.</summary>
internal sealed class JsonataLexer(string text)
{
    private static readonly string[] Operators =
    [
        "..",
        ":=",
        "!=",
        "<=",
        ">=",
        "**",
        "~>",
        ".",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        ",",
        "@",
        "#",
        ";",
        ":",
        "?",
        "+",
        "-",
        "*",
        "/",
        "%",
        "|",
        "=",
        "<",
        ">",
        "^",
        "&",
    ];

    private int _at;

    /// <summary>The next token.</summary>
    /// <param name="operand">Whether an operand is expected, so that a slash begins a regular expression.</param>
    public JsonataToken Next(bool operand)
    {
        Skip();
        if (_at >= text.Length)
        {
            return new(JsonataTokenKind.End, "(end)");
        }

        var c = text[_at];
        if (operand && c == '/')
        {
            return Pattern();
        }

        if (c is '"' or '\'')
        {
            return new(JsonataTokenKind.Literal, "(string)", Quoted(c));
        }

        if (c == '`')
        {
            var end = text.IndexOf('`', _at + 1);
            if (end < 0)
            {
                throw new JsonataException("S0105", "Quoted property name must be terminated with a backquote (`)");
            }

            var name = text[(_at + 1)..end];
            _at = end + 1;
            return new(JsonataTokenKind.Name, name, Quoted: true);
        }

        if (char.IsAsciiDigit(c))
        {
            return Number();
        }

        if (Array.Find(Operators, o => string.CompareOrdinal(text, _at, o, 0, o.Length) == 0) is { } found)
        {
            _at += found.Length;
            return new(JsonataTokenKind.Operator, found);
        }

        return Word();
    }

    private JsonataToken Word()
    {
        var begin = _at;
        while (
            _at < text.Length
            && !char.IsWhiteSpace(text[_at])
            && !"`\"'".Contains(text[_at])
            && !Operators.Any(o => o.Length == 1 && o[0] == text[_at])
            && text[_at] is not ('!' or '~')
        )
        {
            _at++;
        }

        if (_at == begin)
        {
            throw new JsonataException("S0204", $"Unknown operator: \"{text[_at]}\"");
        }

        var word = text[begin.._at];
        return word switch
        {
            ['$', ..] => new(JsonataTokenKind.Variable, word[1..]),
            "true" => new(JsonataTokenKind.Literal, word, true),
            "false" => new(JsonataTokenKind.Literal, word, false),
            "null" => new(JsonataTokenKind.Literal, word, JsonataNull.Value),
            "and" or "or" or "in" => new(JsonataTokenKind.Operator, word),
            _ => new(JsonataTokenKind.Name, word),
        };
    }

    private JsonataToken Number()
    {
        var match = Regex.Match(text[_at..], @"^(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?", RegexOptions.ExplicitCapture);
        _at += match.Length;
        var number = double.Parse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number)
            ? new(JsonataTokenKind.Literal, "(number)", number)
            : throw new JsonataException("S0102", $"Number out of range: {match.Value}");
    }

    private string Quoted(char quote)
    {
        var value = new StringBuilder();
        _at++;
        while (_at < text.Length && text[_at] != quote)
        {
            if (text[_at] != '\\')
            {
                value.Append(text[_at++]);
                continue;
            }

            _at++;
            var escaped = _at < text.Length ? text[_at++] : '\0';
            if (escaped == 'u')
            {
                if (
                    _at + 4 > text.Length
                    || !int.TryParse(text.AsSpan(_at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code)
                )
                {
                    throw new JsonataException("S0104", "The escape sequence \\u must be followed by 4 hex digits");
                }

                value.Append((char)code);
                _at += 4;
                continue;
            }

            value.Append(
                escaped switch
                {
                    '"' or '\'' or '\\' or '/' => escaped,
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => throw new JsonataException("S0103", $"Unsupported escape sequence: \\{escaped}"),
                }
            );
        }

        if (_at >= text.Length)
        {
            throw new JsonataException("S0101", "String literal must be terminated by a matching quote");
        }

        _at++;
        return value.ToString();
    }

    private JsonataToken Pattern()
    {
        var begin = ++_at;
        var depth = 0;
        while (_at < text.Length && (text[_at] != '/' || text[_at - 1] == '\\' || depth > 0))
        {
            if (text[_at - 1] != '\\')
            {
                depth += text[_at] switch
                {
                    '(' or '[' or '{' => 1,
                    ')' or ']' or '}' => -1,
                    _ => 0,
                };
            }

            _at++;
        }

        if (_at >= text.Length)
        {
            throw new JsonataException("S0302", "No terminating / in regular expression");
        }

        var pattern = text[begin.._at++];
        if (pattern.Length == 0)
        {
            throw new JsonataException("S0301", "Empty regular expressions are not allowed");
        }

        var options = RegexOptions.CultureInvariant | RegexOptions.ECMAScript;
        for (; _at < text.Length && text[_at] is 'i' or 'm'; _at++)
        {
            options |= text[_at] == 'i' ? RegexOptions.IgnoreCase : RegexOptions.Multiline;
        }

        try
        {
            return new(
                JsonataTokenKind.Regex,
                "(regex)",
                new Regex(pattern.Replace("\\/", "/", StringComparison.Ordinal), options, TimeSpan.FromSeconds(1))
            );
        }
        catch (ArgumentException e)
        {
            throw new JsonataException("S0303", $"The regular expression /{pattern}/ is not valid: {e.Message}");
        }
    }

    private void Skip()
    {
        while (_at < text.Length)
        {
            if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else if (string.CompareOrdinal(text, _at, "/*", 0, 2) == 0)
            {
                var end = text.IndexOf("*/", _at, StringComparison.Ordinal);
                _at = end >= 0 ? end + 2 : throw new JsonataException("S0106", "Comment has no closing tag");
            }
            else
            {
                return;
            }
        }
    }
}
