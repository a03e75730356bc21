using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

enum JsonataTokenKind
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
sealed record JsonataToken(JsonataTokenKind Kind, string Text, object? Value = null, bool Quoted = false);

/// <summary>Cuts an expression into tokens.</summary>
sealed class JsonataLexer(string text)
{
    static readonly string[] Operators =
    [
        "..", ":=", "!=", "<=", ">=", "**", "~>",
        ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^", "&",
    ];

    int at;

    /// <summary>The next token.</summary>
    /// <param name="operand">Whether an operand is expected, so that a slash begins a regular expression.</param>
    public JsonataToken Next(bool operand)
    {
        Skip();
        if (at >= text.Length)
        {
            return new(JsonataTokenKind.End, "(end)");
        }
        var c = text[at];
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
            var end = text.IndexOf('`', at + 1);
            if (end < 0)
            {
                throw new JsonataException("S0105", "Quoted property name must be terminated with a backquote (`)");
            }
            var name = text[(at + 1)..end];
            at = end + 1;
            return new(JsonataTokenKind.Name, name, Quoted: true);
        }
        if (char.IsAsciiDigit(c))
        {
            return Number();
        }
        if (Array.Find(Operators, o => string.CompareOrdinal(text, at, o, 0, o.Length) == 0) is { } found)
        {
            at += found.Length;
            return new(JsonataTokenKind.Operator, found);
        }
        return Word();
    }

    JsonataToken Word()
    {
        var begin = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]) && !"`\"'".Contains(text[at]) && !Operators.Any(o => o.Length == 1 && o[0] == text[at])
            && text[at] is not ('!' or '~'))
        {
            at++;
        }
        if (at == begin)
        {
            throw new JsonataException("S0204", $"Unknown operator: \"{text[at]}\"");
        }
        var word = text[begin..at];
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

    JsonataToken Number()
    {
        var match = Regex.Match(text[at..], @"^(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?", RegexOptions.ExplicitCapture);
        at += match.Length;
        var number = double.Parse(match.Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? new(JsonataTokenKind.Literal, "(number)", number)
            : throw new JsonataException("S0102", $"Number out of range: {match.Value}");
    }

    string Quoted(char quote)
    {
        var value = new StringBuilder();
        at++;
        while (at < text.Length && text[at] != quote)
        {
            if (text[at] != '\\')
            {
                value.Append(text[at++]);
                continue;
            }
            at++;
            var escaped = at < text.Length ? text[at++] : '\0';
            if (escaped == 'u')
            {
                if (at + 4 > text.Length || !int.TryParse(text.AsSpan(at, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code))
                {
                    throw new JsonataException("S0104", "The escape sequence \\u must be followed by 4 hex digits");
                }
                value.Append((char)code);
                at += 4;
                continue;
            }
            value.Append(escaped switch
            {
                '"' or '\'' or '\\' or '/' => escaped,
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                _ => throw new JsonataException("S0103", $"Unsupported escape sequence: \\{escaped}"),
            });
        }
        if (at >= text.Length)
        {
            throw new JsonataException("S0101", "String literal must be terminated by a matching quote");
        }
        at++;
        return value.ToString();
    }

    JsonataToken Pattern()
    {
        var begin = ++at;
        var depth = 0;
        while (at < text.Length && (text[at] != '/' || text[at - 1] == '\\' || depth > 0))
        {
            if (text[at - 1] != '\\')
            {
                depth += text[at] switch { '(' or '[' or '{' => 1, ')' or ']' or '}' => -1, _ => 0 };
            }
            at++;
        }
        if (at >= text.Length)
        {
            throw new JsonataException("S0302", "No terminating / in regular expression");
        }
        var pattern = text[begin..at++];
        if (pattern.Length == 0)
        {
            throw new JsonataException("S0301", "Empty regular expressions are not allowed");
        }
        var options = RegexOptions.CultureInvariant | RegexOptions.ECMAScript;
        for (; at < text.Length && text[at] is 'i' or 'm'; at++)
        {
            options |= text[at] == 'i' ? RegexOptions.IgnoreCase : RegexOptions.Multiline;
        }
        try
        {
            return new(JsonataTokenKind.Regex, "(regex)", new Regex(pattern.Replace("\\/", "/", StringComparison.Ordinal), options, TimeSpan.FromSeconds(1)));
        }
        catch (ArgumentException e)
        {
            throw new JsonataException("S0303", $"The regular expression /{pattern}/ is not valid: {e.Message}");
        }
    }

    void Skip()
    {
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
            }
            else if (string.CompareOrdinal(text, at, "/*", 0, 2) == 0)
            {
                var end = text.IndexOf("*/", at, StringComparison.Ordinal);
                at = end >= 0 ? end + 2 : throw new JsonataException("S0106", "Comment has no closing tag");
            }
            else
            {
                return;
            }
        }
    }
}
