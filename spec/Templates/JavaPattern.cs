using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Deployer.Spec.Templates;

/// <summary>
/// Regular expressions of Java (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html), in which
/// CloudFormation reads AllowedPattern (aws-cloudformation/cfn-lint#1565), translated to those of .NET: possessive quantifiers, POSIX
/// classes, unions and intersections of classes, escapes of characters that need none.
/// </summary>
internal static class JavaPattern
{
    // A pattern that backtracks for ever is not the checker's to wait for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Whether a pattern matches the whole of a text; null where that could not be found out.</summary>
    public static bool? Matches(string pattern, string text)
    {
        if (Translate(pattern) is not { } translated)
        {
            return null;
        }
        try
        {
            return Regex.IsMatch(text, $@"\A(?:{translated})\z", RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>The same expression for .NET; null where there is none, or Java would not take the pattern either.</summary>
    public static string? Translate(string pattern)
    {
        try
        {
            return new Translation(pattern).Run();
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private sealed class Translation(string pattern)
    {
        // Anything that .NET's classes call one character.
        private const string Any = @"[\s\S]";

        // What "." does not match.
        private const string LineEnds = @"\n\r\u0085\u2028\u2029";

        // Nested classes and groups beyond this are no pattern that a person writes.
        private const int MaxDepth = 50;

        private static readonly string[] Categories =
            "C Cc Cf L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs".Split(' ');

        private readonly StringBuilder _output = new();
        private readonly Stack<int> _groups = new();
        private int _at;

        // Where the last thing that can be quantified begins; -1 where there is none.
        private int _atom = -1;
        private bool _dotAll;

        private char Current => pattern[_at];

        private bool AtEnd => _at >= pattern.Length;

        public string Run()
        {
            while (!AtEnd)
            {
                Next();
            }
            return _groups.Count == 0 ? _output.ToString() : throw Unsupported();
        }

        private static NotSupportedException Unsupported() => new();

        private void Next()
        {
            switch (Current)
            {
                case '\\':
                    Escape();
                    break;
                case '[':
                    Atom(Class(depth: 0));
                    break;
                case '(':
                    OpenGroup();
                    break;
                case ')':
                    _at++;
                    _atom = _groups.TryPop(out var start) ? start : throw Unsupported();
                    _output.Append(')');
                    break;
                case '*' or '+' or '?' or '{':
                    Quantifier();
                    break;
                case '.':
                    _at++;
                    Atom(_dotAll ? Any : $"[^{LineEnds}]");
                    break;
                case '|' or '^' or '$':
                    _output.Append(Current);
                    _at++;
                    _atom = -1;
                    break;
                default:
                    Atom(Literal(pattern[_at++]));
                    break;
            }
        }

        private void Atom(string translated)
        {
            _atom = _output.Length;
            _output.Append(translated);
        }

        private void OpenGroup()
        {
            if (_groups.Count == MaxDepth)
            {
                throw Unsupported();
            }
            _groups.Push(_output.Length);
            _at++;
            _atom = -1;
            if (AtEnd || Current != '?')
            {
                _output.Append('(');
                return;
            }
            foreach (var kind in new[] { "?:", "?=", "?!", "?>", "?<=", "?<!" })
            {
                if (string.CompareOrdinal(pattern, _at, kind, 0, kind.Length) == 0)
                {
                    _at += kind.Length;
                    _output.Append('(').Append(kind);
                    return;
                }
            }
            if (_at + 1 < pattern.Length && pattern[_at + 1] == '<')
            {
                var end = pattern.IndexOf('>', _at);
                var name = end < 0 ? throw Unsupported() : pattern[(_at + 2)..end];
                _at = end + 1;
                _output.Append("(?<").Append(name.All(char.IsAsciiLetterOrDigit) ? name : throw Unsupported()).Append('>');
                return;
            }
            Flags();
        }

        // (?i) and (?i:…); of the flags i, m and s are the same, and d and x change more than is translated here.
        private void Flags()
        {
            var end = pattern.AsSpan(_at).IndexOfAny(')', ':');
            var flags = end < 0 ? throw Unsupported() : pattern[(_at + 1)..(_at + end)];
            if (flags.Length == 0 || flags.Any(flag => flag is not ('i' or 'm' or 's' or '-')))
            {
                throw Unsupported();
            }
            _dotAll |= flags.Split('-')[0].Contains('s', StringComparison.Ordinal);
            _at += end;
            _output.Append("(?").Append(flags);
            if (Current == ':')
            {
                _at++;
                _output.Append(':');
            }
        }

        private void Quantifier()
        {
            if (_atom < 0)
            {
                throw Unsupported();
            }
            var quantifier = Current.ToString();
            if (Current == '{')
            {
                var end = pattern.IndexOf('}', _at);
                quantifier = end < 0 ? throw Unsupported() : pattern[_at..(end + 1)];
                if (!Regex.IsMatch(quantifier, @"\A\{[0-9]{1,9}(,[0-9]{0,9})?\}\z"))
                {
                    throw Unsupported();
                }
            }
            _at += quantifier.Length;
            switch (AtEnd ? '\0' : Current)
            {
                case '?':
                    _at++;
                    _output.Append(quantifier).Append('?');
                    break;
                case '+':
                    _at++;
                    _output.Insert(_atom, "(?>").Append(quantifier).Append(')');
                    break;
                default:
                    _output.Append(quantifier);
                    break;
            }
            _atom = -1;
        }

        private void Escape()
        {
            if (_at + 1 >= pattern.Length)
            {
                throw Unsupported();
            }
            switch (pattern[_at + 1])
            {
                case 'Q':
                    foreach (var character in Quoted())
                    {
                        Atom(Literal(character));
                    }
                    break;
                case 'b' or 'B' or 'A' or 'Z' or 'z' or 'G':
                    if (_at + 2 < pattern.Length && pattern[_at + 2] == '{')
                    {
                        throw Unsupported();
                    }
                    _output.Append(pattern, _at, 2);
                    _at += 2;
                    _atom = -1;
                    break;
                case 'R':
                    _at += 2;
                    Atom(@"(?:\r\n|[\n\x0B\f\r\u0085\u2028\u2029])");
                    break;
                case >= '1' and <= '9':
                    Atom($@"(?:\{pattern[_at + 1]})");
                    _at += 2;
                    break;
                case 'k':
                    var end = pattern.IndexOf('>', _at);
                    var name = end < 0 || pattern[_at + 2] != '<' ? throw Unsupported() : pattern[(_at + 3)..end];
                    Atom($@"\k<{(name.All(char.IsAsciiLetterOrDigit) ? name : throw Unsupported())}>");
                    _at = end + 1;
                    break;
                default:
                    var (items, negated) = EscapedSet();
                    Atom($"[{(negated ? "^" : string.Empty)}{items}]");
                    break;
            }
        }

        private string Quoted()
        {
            var end = pattern.IndexOf(@"\E", _at, StringComparison.Ordinal);
            var text = end < 0 ? pattern[(_at + 2)..] : pattern[(_at + 2)..end];
            _at = end < 0 ? pattern.Length : end + 2;
            return text;
        }

        private static string Literal(char character) =>
            char.IsAsciiLetterOrDigit(character) || character is '_' ? character.ToString() : Hexadecimal(character);

        private static string Hexadecimal(int character) => $@"\u{character.ToString("X4", CultureInfo.InvariantCulture)}";

        /// <summary>The characters of an escape as they stand within a class of .NET, and whether all others are meant.</summary>
        private (string Items, bool Negated) EscapedSet()
        {
            var escape = pattern[_at + 1];
            _at += 2;
            switch (escape)
            {
                case 'd' or 'D':
                    return ("0-9", escape == 'D');
                case 'w' or 'W':
                    return ("a-zA-Z_0-9", escape == 'W');
                case 's' or 'S':
                    return (@" \t\n\x0B\f\r", escape == 'S');
                case 'h' or 'H':
                    return (@" \t\u00A0\u1680\u180E\u2000-\u200A\u202F\u205F\u3000", escape == 'H');
                case 'v' or 'V':
                    return (@"\n\x0B\f\r\u0085\u2028\u2029", escape == 'V');
                case 'p' or 'P':
                    var (items, negated) = Property();
                    return (items, negated != (escape == 'P'));
                case 't' or 'n' or 'r' or 'f' or 'a' or 'e':
                    return ($@"\{escape}", false);
                case 'x':
                    return (Hexadecimal(Digits(2)), false);
                case 'u':
                    return (Hexadecimal(Digits(4)), false);
                case '0':
                    return (Hexadecimal(Octal()), false);
                default:
                    // Java refuses letters that mean nothing; any other character stands for itself.
                    return char.IsAsciiLetterOrDigit(escape) ? throw Unsupported() : (Hexadecimal(escape), false);
            }
        }

        private int Digits(int count)
        {
            if (
                _at + count > pattern.Length
                || !int.TryParse(
                    pattern.AsSpan(_at, count),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var character
                )
            )
            {
                throw Unsupported();
            }
            _at += count;
            return character;
        }

        // \0n, \0nn and, up to \0377, \0nnn.
        private int Octal()
        {
            var value = 0;
            var start = _at;
            while (!AtEnd && Current is >= '0' and <= '7' && _at - start < 3 && (value * 8) + (Current - '0') <= 255)
            {
                value = (value * 8) + (Current - '0');
                _at++;
            }
            return _at > start ? value : throw Unsupported();
        }

        private (string Items, bool Negated) Property()
        {
            if (AtEnd)
            {
                throw Unsupported();
            }
            string name;
            if (Current == '{')
            {
                var end = pattern.IndexOf('}', _at);
                name = end < 0 ? throw Unsupported() : pattern[(_at + 1)..end];
                _at = end + 1;
            }
            else
            {
                name = pattern[_at++].ToString();
            }
            return name switch
            {
                "Lower" => ("a-z", false),
                "Upper" => ("A-Z", false),
                "ASCII" => (@"\x00-\x7F", false),
                "Alpha" => ("a-zA-Z", false),
                "Digit" => ("0-9", false),
                "Alnum" => ("a-zA-Z0-9", false),
                "Punct" => (@"!-/:-@\[-`{-~", false),
                "Graph" => ("!-~", false),
                "Print" => (" -~", false),
                "Blank" => (@" \t", false),
                "Cntrl" => (@"\x00-\x1F\x7F", false),
                "XDigit" => ("0-9a-fA-F", false),
                "Space" => (@" \t\n\x0B\f\r", false),
                "IsAlphabetic" or "IsLetter" or "javaLetter" => (@"\p{L}", false),
                "IsDigit" => (@"\p{Nd}", false),
                "IsUppercase" or "javaUpperCase" => (@"\p{Lu}", false),
                "IsLowercase" or "javaLowerCase" => (@"\p{Ll}", false),
                _ => Category(name),
            };
        }

        // General categories, with and without the prefix that Java allows.
        private static (string Items, bool Negated) Category(string name)
        {
            var category = name.StartsWith("Is", StringComparison.Ordinal) ? name[2..] : name;
            return Categories.Contains(category) ? ($@"\p{{{category}}}", false) : throw Unsupported();
        }

        /// <summary>A class as an expression for one character: .NET has no unions and intersections, lookaheads make them.</summary>
        private string Class(int depth)
        {
            if (depth == MaxDepth)
            {
                throw Unsupported();
            }
            _at++;
            var negated = !AtEnd && Current == '^';
            _at += negated ? 1 : 0;
            var intersected = new List<string>();
            var union = new List<string>();
            var items = new StringBuilder();
            var first = true;
            while (true)
            {
                if (AtEnd)
                {
                    throw Unsupported();
                }
                if (Current == ']' && !first)
                {
                    _at++;
                    break;
                }
                if (Current == '[')
                {
                    union.Add(Class(depth + 1));
                }
                else if (string.CompareOrdinal(pattern, _at, "&&", 0, 2) == 0)
                {
                    _at += 2;
                    intersected.Add(Union());
                }
                else
                {
                    Item();
                }
                first = false;
            }
            intersected.Add(Union());
            return (intersected.Count, negated) switch
            {
                (1, false) => intersected[0],
                (1, true) when intersected[0].StartsWith('[') && intersected[0][1] != '^' => $"[^{intersected[0][1..]}",
                (_, true) => $"(?:(?!{All()}){Any})",
                _ => $"(?:{All()})",
            };

            string All() => string.Concat(intersected.SkipLast(1).Select(part => $"(?={part})")) + intersected[^1];

            string Union()
            {
                if (items.Length > 0)
                {
                    union.Insert(0, $"[{items}]");
                }
                var parts = union.ToList();
                union.Clear();
                items.Clear();
                return parts switch
                {
                    [] => throw Unsupported(),
                    [var one] => one,
                    _ => $"(?:{string.Join('|', parts)})",
                };
            }

            void Item()
            {
                if (Current == '\\' && _at + 1 < pattern.Length && pattern[_at + 1] == 'Q')
                {
                    items.Append(string.Concat(Quoted().Select(Literal)));
                    return;
                }
                if (Single() is not { } from)
                {
                    return;
                }
                // A hyphen at the end of a class, or before a class, stands for itself.
                if (_at + 1 < pattern.Length && Current == '-' && pattern[_at + 1] is not (']' or '[') && !IsIntersection(_at + 1))
                {
                    _at++;
                    var to = Single() ?? throw Unsupported();
                    items.Append(from).Append('-').Append(to);
                }
                else
                {
                    items.Append(from);
                }
            }

            // One character; null where an escape stood for several, which are kept.
            string? Single()
            {
                if (Current != '\\')
                {
                    return Literal(pattern[_at++]);
                }
                if (_at + 1 >= pattern.Length)
                {
                    throw Unsupported();
                }
                var escape = pattern[_at + 1];
                var (set, negatedSet) = EscapedSet();
                if (negatedSet)
                {
                    union.Add($"[^{set}]");
                    return null;
                }
                if (escape is 'd' or 'w' or 's' or 'h' or 'v' or 'p' or 'P')
                {
                    items.Append(set);
                    return null;
                }
                return set;
            }
        }

        private bool IsIntersection(int index) => string.CompareOrdinal(pattern, index, "&&", 0, 2) == 0;
    }
}
