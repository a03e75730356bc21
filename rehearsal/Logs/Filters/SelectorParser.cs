using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.Logs.Filters;

/// <summary>Reads <c>{ $.field = "value" &amp;&amp; ( … || … ) }</c>.</summary>
internal sealed class SelectorParser(string text)
{
    private static readonly string[] Operators = ["!=", "<=", ">=", "=", "<", ">"];
    private int _at;

    /// <exception cref="FormatException">Says where the pattern cannot be read.</exception>
    internal Func<JsonElement, bool> Parse()
    {
        Expect("{");
        var condition = Alternatives();
        Expect("}");
        return _at == text.Length ? condition : throw Wrong();
    }

    private Func<JsonElement, bool> Alternatives()
    {
        var left = All();
        while (Take("||"))
        {
            var (first, second) = (left, All());
            left = fields => first(fields) || second(fields);
        }

        return left;
    }

    private Func<JsonElement, bool> All()
    {
        var left = Single();
        while (Take("&&"))
        {
            var (first, second) = (left, Single());
            left = fields => first(fields) && second(fields);
        }

        return left;
    }

    private Func<JsonElement, bool> Single()
    {
        if (Take("("))
        {
            var inner = Alternatives();
            Expect(")");
            return inner;
        }

        var path = FieldPath.Parse(Word());
        if (TakeWord("IS"))
        {
            return Is(path);
        }

        if (TakeWord("NOT"))
        {
            return TakeWord("EXISTS") ? fields => path.Find(fields) is null : throw Wrong();
        }

        var comparison = Array.Find(Operators, Take) ?? throw Wrong();
        return Comparison(path, comparison);
    }

    private Func<JsonElement, bool> Is(FieldPath path)
    {
        var kind =
            TakeWord("NULL") ? JsonValueKind.Null
            : TakeWord("TRUE") ? JsonValueKind.True
            : TakeWord("FALSE") ? JsonValueKind.False
            : throw Wrong();
        return fields => path.Find(fields)?.ValueKind == kind;
    }

    private Func<JsonElement, bool> Comparison(FieldPath path, string comparison)
    {
        Spaces();
        if (_at < text.Length && text[_at] == '%')
        {
            throw new FormatException("the rehearsal does not simulate regular expressions in filter patterns");
        }

        var quoted = _at < text.Length && text[_at] == '"';
        var operand = quoted ? QuotedText.Read(text, ref _at) : Word();
        if (!quoted && double.TryParse(operand, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return fields =>
                path.Find(fields) is { ValueKind: JsonValueKind.Number } value && Compare(value.GetDouble().CompareTo(number), comparison);
        }

        if (comparison is not ("=" or "!="))
        {
            throw new FormatException($"Invalid filter pattern: '{comparison}' compares numbers");
        }

        var pattern = new Regex(
            "^" + string.Join(".*", operand.Split('*').Select(Regex.Escape)) + "$",
            RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking
        );
        return fields =>
            path.Find(fields) is { ValueKind: JsonValueKind.String } value && pattern.IsMatch(value.GetString()!) == (comparison == "=");
    }

    private static bool Compare(int order, string comparison) =>
        comparison switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };

    /// <summary>A selector or a bare value: everything up to a space, an operator or a bracket that closes nothing.</summary>
    private string Word()
    {
        Spaces();
        var start = _at;
        while (_at < text.Length && text[_at] is not (' ' or '=' or '!' or '<' or '>' or '&' or '|' or '(' or ')' or '}' or '"'))
        {
            _at++;
        }

        return _at > start ? text[start.._at] : throw Wrong();
    }

    private bool TakeWord(string word)
    {
        Spaces();
        var end = _at + word.Length;
        if (
            end > text.Length
            || !text.AsSpan(_at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            || (end < text.Length && char.IsLetterOrDigit(text[end]))
        )
        {
            return false;
        }

        _at = end;
        return true;
    }

    private bool Take(string token)
    {
        Spaces();
        if (!text.AsSpan(_at).StartsWith(token))
        {
            return false;
        }

        _at += token.Length;
        return true;
    }

    private void Expect(string token)
    {
        if (!Take(token))
        {
            throw Wrong();
        }
    }

    private void Spaces()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }
    }

    private FormatException Wrong() => new($"Invalid filter pattern: cannot be read at character {_at + 1}: {text}");
}
