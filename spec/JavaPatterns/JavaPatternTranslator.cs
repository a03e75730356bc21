using System.Globalization;
using System.Text;

namespace Deployer.JavaPatterns;

/// <summary>Reads a Java expression atom by atom. Classes become plain ranges, possessive quantifiers atomic groups, names
/// numbers.</summary>
internal sealed class JavaPatternTranslator(string pattern)
{
    // .NET's own backtracking would need this deep a stack.
    private const int MaxDepth = 100;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly CharacterClassReader _classes = new(pattern);
    private int _place;
    private int _groups;
    private int _depth;
    private bool _dotAll;

    // Whether the last atom is one: flags that stand alone are none, and what would repeat them dangles.
    private bool _repeatable;

    // Of ASCII alone, as in Java without UNICODE_CASE: .NET's own option knows more letters, and looks at classes too late.
    private bool _ignoreCase;

    /// <exception cref="JavaPatternException">It is not valid in Java, or has no counterpart.</exception>
    public string Translate()
    {
        var result = Alternatives();
        return _place < pattern.Length ? throw Invalid("unmatched ')'") : $@"\A(?:{result})\z";
    }

    private JavaPatternException Invalid(string what) => new($"'{pattern}' is no regular expression of Java ({what})", isInvalid: true);

    private static JavaPatternException Unsupported(string what) => new($"{what} has no counterpart here");

    private bool Next(char expected)
    {
        if (_place < pattern.Length && pattern[_place] == expected)
        {
            _place++;
            return true;
        }

        return false;
    }

    private string Alternatives()
    {
        if (++_depth > MaxDepth)
        {
            throw Unsupported($"nesting of more than {MaxDepth} groups");
        }

        var result = new StringBuilder();
        while (_place < pattern.Length && pattern[_place] != ')')
        {
            if (Next('|'))
            {
                result.Append('|');
            }
            else if (pattern.AsSpan(_place).StartsWith(@"\Q"))
            {
                Quoted(result);
            }
            else
            {
                _repeatable = true;
                var atom = Atom();
                result.Append(_repeatable ? Quantified(atom) : atom);
            }
        }

        _depth--;
        return result.ToString();
    }

    private string Atom()
    {
        var c = pattern[_place++];
        switch (c)
        {
            case '\\':
                return Escape();
            case '[':
                _place--;
                _classes.IgnoreCase = _ignoreCase;
                return _classes.Read(ref _place).ToExpression();
            case '(':
                return Group();
            case '.':
                return (_dotAll ? CharacterSet.Empty() : CharacterSet.Any("\n\r\u0085\u2028\u2029")).Complement().ToExpression();
            case '^' or '$':
                return c.ToString();
            case '*' or '+' or '?':
                throw Invalid($"dangling meta character '{c}'");
            case '{' when _place < pattern.Length && char.IsAsciiDigit(pattern[_place]):
                // A repetition with nothing before it, such as a second one, repeats nothing: x{2}{3} is xx.
                _place--;
                return string.Empty;
            case '{':
                throw Invalid("illegal repetition");
            default:
                return char.IsHighSurrogate(c) && _place < pattern.Length && char.IsLowSurrogate(pattern[_place])
                    ? $"(?:{Literal(c)}{Literal(pattern[_place++])})"
                    : Literal(c);
        }
    }

    private string Quantified(string atom)
    {
        var start = _place;
        if (Next('{'))
        {
            Repetition();
        }
        else if (!Next('*') && !Next('+') && !Next('?'))
        {
            return atom;
        }

        var quantifier = pattern[start.._place];
        return Next('+') ? $"(?>(?:{atom}){quantifier})"
            : Next('?') ? $"(?:{atom}){quantifier}?"
            : $"(?:{atom}){quantifier}";
    }

    private void Repetition()
    {
        var least = Number() ?? throw Invalid("illegal repetition");
        var most = Next(',') ? Number() ?? int.MaxValue : least;
        if (!Next('}') || most < least)
        {
            throw Invalid("illegal repetition range");
        }
    }

    private int? Number()
    {
        var start = _place;
        while (_place < pattern.Length && char.IsAsciiDigit(pattern[_place]))
        {
            _place++;
        }

        return _place == start ? null
            : int.TryParse(pattern.AsSpan(start, _place - start), CultureInfo.InvariantCulture, out var number) ? number
            : throw Invalid("illegal repetition range");
    }

    private string Group()
    {
        if (!Next('?'))
        {
            _groups++;
            return Closed("(");
        }

        if (Next('<') && _place < pattern.Length && pattern[_place] is not ('=' or '!'))
        {
            var name = Name();
            if (!_names.TryAdd(name, ++_groups))
            {
                throw Invalid($"the group <{name}> is there twice");
            }

            return Closed("(");
        }

        if (pattern[_place - 1] == '<')
        {
            return Closed("(?<" + Taken());
        }

        return _place < pattern.Length && pattern[_place] is ':' or '=' or '!' or '>' ? Closed("(?" + Taken()) : Flags();
    }

    private char Taken() => _place < pattern.Length ? pattern[_place++] : throw Invalid("unclosed group");

    private string Name()
    {
        var end = pattern.IndexOf('>', _place);
        var name = end < 0 ? "" : pattern[_place..end];
        if (name.Length == 0 || !char.IsAsciiLetter(name[0]) || !name.All(char.IsAsciiLetterOrDigit))
        {
            throw Invalid("a group's name is not letters and digits");
        }

        _place = end + 1;
        return name;
    }

    private string Closed(string opening)
    {
        var before = (_dotAll, _ignoreCase);
        var inside = Alternatives();
        (_dotAll, _ignoreCase) = before;
        _repeatable = true;
        return Next(')') ? $"{opening}{inside})" : throw Invalid("unclosed group");
    }

    private string Flags()
    {
        var (start, on) = (_place, true);
        var kept = new StringBuilder();
        var (dotAll, ignoreCase) = (_dotAll, _ignoreCase);
        for (; _place < pattern.Length && pattern[_place] is not (')' or ':'); _place++)
        {
            switch (pattern[_place])
            {
                case '-':
                    on = false;
                    kept.Append('-');
                    break;
                case 's':
                    dotAll = on;
                    break;
                case 'i':
                    ignoreCase = on;
                    break;
                case 'm':
                    kept.Append('m');
                    break;
                case 'd' or 'u' or 'x' or 'U':
                    throw Unsupported($"the flag {pattern[_place]}");
                default:
                    throw Invalid("unknown inline modifier");
            }
        }

        if (_place == start && !Next(')') && _place >= pattern.Length)
        {
            throw Invalid("unclosed group");
        }

        var flags = kept.ToString().TrimEnd('-');
        var before = (_dotAll, _ignoreCase);
        (_dotAll, _ignoreCase) = (dotAll, ignoreCase);
        if (Next(')'))
        {
            _repeatable = false;
            return flags.Length == 0 ? "" : $"(?{flags})";
        }

        if (!Next(':'))
        {
            throw Invalid("unclosed group");
        }

        var inside = Alternatives();
        (_dotAll, _ignoreCase) = before;
        _repeatable = true;
        return Next(')') ? $"(?{flags}:{inside})" : throw Invalid("unclosed group");
    }

    private string Escape()
    {
        var c = _place < pattern.Length ? pattern[_place] : throw Invalid("a single \\ at the end");
        switch (c)
        {
            case 'b' when pattern.AsSpan(_place).StartsWith("b{g}", StringComparison.Ordinal):
                throw Unsupported(@"\b{g}");
            case 'N' when _place + 1 >= pattern.Length || pattern[_place + 1] != '{':
                throw Invalid("illegal character name escape sequence");
            case 'b' or 'B' or 'A' or 'z' or 'Z' or 'G':
                _place++;
                return $"\\{c}";
            case 'R':
                _place++;
                return @"(?:\r\n|[\n\u000B\u000C\r\u0085\u2028\u2029])";
            case 'X' or 'N':
                throw Unsupported($"\\{c}");
            case 'k':
                _place++;
                return Next('<') && _names.TryGetValue(Name(), out var named)
                    ? BackReference(named)
                    : throw Invalid("a reference to a group that is not there");
            case >= '1' and <= '9':
                return BackReference();
            default:
                _place--;
                _classes.IgnoreCase = _ignoreCase;
                return _classes.ReadEscape(ref _place).ToExpression();
        }
    }

    /// <summary>What follows a quotation repeats its last character only.</summary>
    private void Quoted(StringBuilder result)
    {
        _place += 2;
        var end = pattern.IndexOf(@"\E", _place, StringComparison.Ordinal);
        var quoted = end < 0 ? pattern[_place..] : pattern[_place..end];
        _place = end < 0 ? pattern.Length : end + 2;
        if (quoted.Length > 0)
        {
            result.AppendJoin("", quoted[..^1].Select(Literal)).Append(Quantified(Literal(quoted[^1])));
        }
    }

    private string BackReference()
    {
        var number = pattern[_place++] - '0';

        // As many digits count as there are groups.
        while (_place < pattern.Length && char.IsAsciiDigit(pattern[_place]) && number * 10 + (pattern[_place] - '0') <= _groups)
        {
            number = number * 10 + (pattern[_place++] - '0');
        }

        return number <= _groups ? BackReference(number) : throw Unsupported("a reference to a group that comes later");
    }

    private string BackReference(int group) => $"(?{(_ignoreCase ? "i" : "")}:\\{group})";

    private string Literal(char c) =>
        _ignoreCase && char.IsAsciiLetter(c) ? $"[{char.ToLowerInvariant(c)}{char.ToUpperInvariant(c)}]" : CharacterSet.Escaped(c);
}
