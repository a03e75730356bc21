using System.Globalization;

namespace Deployer.JavaPatterns;

/// <summary>Reads Java's classes, with unions and intersections, and the escapes that stand for characters.</summary>
internal sealed class CharacterClassReader(string pattern)
{
    private const string Space = " \t\n\u000B\f\r";
    private const string Horizontal =
        " \t\u00A0\u1680\u180E\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u202F\u205F\u3000";
    private const string Vertical = "\n\u000B\f\r\u0085\u2028\u2029";
    private const int MaxDepth = 100;

    // https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html; the methods isNAME of java.lang.Character.
    private static readonly string[] Keys = ["script", "sc", "block", "blk", "general_category", "gc"];
    private static readonly string[] OfJava =
    [
        .. "LowerCase UpperCase Alphabetic Ideographic TitleCase Digit Defined Letter LetterOrDigit JavaIdentifierStart".Split(' '),
        .. "JavaIdentifierPart UnicodeIdentifierStart UnicodeIdentifierPart IdentifierIgnorable SpaceChar Whitespace".Split(' '),
        .. "ISOControl Mirrored".Split(' '),
    ];
    private static readonly string[] Categories =
    [
        .. "Cn Lu Ll Lt Lm Lo Mn Me Mc Nd Nl No Zs Zl Zp Cc Cf Co Cs Pd Ps Pe Pc Po Sm Sc Sk So Pi Pf L M N Z C P S LC LD L1".Split(' '),
    ];
    private int _depth;

    /// <summary>Whether small and capital letters of ASCII are the same.</summary>
    public bool IgnoreCase { get; set; }

    /// <summary>The class that begins with the bracket at a place.</summary>
    /// <exception cref="JavaPatternException">It is not valid, or has no counterpart.</exception>
    public CharacterSet Read(ref int place)
    {
        if (++_depth > MaxDepth)
        {
            throw new JavaPatternException($"nesting of more than {MaxDepth} classes has no counterpart here");
        }

        place++;
        var negated = place < pattern.Length && pattern[place] == '^';
        place += negated ? 1 : 0;
        CharacterSet? result = null;
        CharacterSet? part = null;
        var first = true;
        while (true)
        {
            if (place >= pattern.Length)
            {
                throw Invalid("unclosed character class");
            }

            if (pattern[place] == ']' && !(first && part is null && result is null))
            {
                place++;
                break;
            }

            if (pattern.AsSpan(place).StartsWith("&&"))
            {
                place += 2;
                result = Both(result, part);
                part = null;
            }
            else
            {
                var item = Item(ref place);
                part = part?.Union(item) ?? item;
            }

            first = false;
        }

        _depth--;
        var set = Both(result, part) ?? CharacterSet.Empty();
        return negated ? set.Complement() : set;
    }

    /// <summary>The characters behind the escape at a place.</summary>
    /// <exception cref="JavaPatternException">It is not valid, or has no counterpart.</exception>
    public CharacterSet ReadEscape(ref int place)
    {
        if (place + 1 >= pattern.Length)
        {
            throw Invalid("a single \\ at the end");
        }

        var c = pattern[place + 1];
        var set = c switch
        {
            'd' => CharacterSet.Range('0', '9'),
            'D' => CharacterSet.Range('0', '9').Complement(),
            'w' => Word(),
            'W' => Word().Complement(),
            's' => CharacterSet.Any(Space),
            'S' => CharacterSet.Any(Space).Complement(),
            'h' => CharacterSet.Any(Horizontal),
            'H' => CharacterSet.Any(Horizontal).Complement(),
            'v' => CharacterSet.Any(Vertical),
            'V' => CharacterSet.Any(Vertical).Complement(),
            _ => null,
        };
        if (set is not null)
        {
            place += 2;
            return set;
        }

        if (c is 'p' or 'P')
        {
            place += 2;
            var named = Named(Name(ref place));
            return c == 'P' ? named.Complement() : named;
        }

        var one = Character(ref place);
        return Range(one, one);
    }

    private static CharacterSet? Both(CharacterSet? a, CharacterSet? b) =>
        a is null ? b
        : b is null ? a
        : a.Intersection(b);

    private static CharacterSet Word() => CharacterSet.Where(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private JavaPatternException Invalid(string what) => new($"'{pattern}' is no regular expression of Java ({what})", isInvalid: true);

    private CharacterSet Item(ref int place)
    {
        if (pattern[place] == '[')
        {
            return Read(ref place);
        }

        if (pattern[place] == '\\' && place + 1 < pattern.Length && IsSet(pattern[place + 1]))
        {
            return ReadEscape(ref place);
        }

        if (pattern.AsSpan(place).StartsWith(@"\Q"))
        {
            var end = pattern.IndexOf(@"\E", place + 2, StringComparison.Ordinal);
            end = end < 0 ? throw Invalid("unclosed character class") : end;
            var quoted = pattern[(place + 2)..end];
            place = end + 2;
            return Cased(CharacterSet.Any(quoted));
        }

        var first = Character(ref place);
        if (place + 1 >= pattern.Length || pattern[place] != '-' || pattern[place + 1] is ']' or '[')
        {
            return Range(first, first);
        }

        place++;
        if (pattern[place] == '\\' && place + 1 < pattern.Length && IsSet(pattern[place + 1]))
        {
            throw Invalid("illegal character range");
        }

        var last = Character(ref place);
        return last < first ? throw Invalid("illegal character range") : Range(first, last);
    }

    private CharacterSet Range(char first, char last) => Cased(CharacterSet.Range(first, last));

    private CharacterSet Cased(CharacterSet set) =>
        IgnoreCase
            ? set.Union(
                CharacterSet.Where(c =>
                    char.IsAsciiLetter(c) && (set.Contains(char.ToLowerInvariant(c)) || set.Contains(char.ToUpperInvariant(c)))
                )
            )
            : set;

    private static bool IsSet(char c) => "dDwWsShHvVpP".Contains(c, StringComparison.Ordinal);

    /// <summary>A character, written as itself or escaped.</summary>
    private char Character(ref int place)
    {
        var c = pattern[place++];
        if (char.IsSurrogate(c))
        {
            throw new JavaPatternException("a character beyond U+FFFF has no counterpart here");
        }

        if (c != '\\')
        {
            return c;
        }

        c = place < pattern.Length ? pattern[place++] : throw Invalid("a single \\ at the end");
        return c switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'a' => '\u0007',
            'e' => '\u001B',
            'c' => place < pattern.Length ? (char)(pattern[place++] ^ 64) : throw Invalid("illegal control escape"),
            '0' => Octal(ref place),
            'x' when place < pattern.Length && pattern[place] == '{' => Braced(ref place),
            'x' => Hexadecimal(ref place, 2),
            'u' => Hexadecimal(ref place, 4),
            _ when char.IsAsciiLetterOrDigit(c) => throw Invalid($"illegal escape \\{c}"),
            _ => c,
        };
    }

    private char Octal(ref int place)
    {
        var (value, digits) = (0, 0);
        while (digits < 3 && place < pattern.Length && pattern[place] is >= '0' and <= '7' && value * 8 + (pattern[place] - '0') <= 0xFF)
        {
            value = value * 8 + (pattern[place++] - '0');
            digits++;
        }

        return digits == 0 ? throw Invalid("illegal octal escape") : (char)value;
    }

    private char Hexadecimal(ref int place, int digits)
    {
        if (
            place + digits > pattern.Length
            || !int.TryParse(pattern.AsSpan(place, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
        )
        {
            throw Invalid("illegal hexadecimal escape");
        }

        place += digits;
        return (char)value;
    }

    private char Braced(ref int place)
    {
        var end = pattern.IndexOf('}', place);
        if (
            end < 0
            || !int.TryParse(
                pattern.AsSpan(place + 1, end - place - 1),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out var value
            )
        )
        {
            throw Invalid("illegal hexadecimal escape");
        }

        place = end + 1;
        return value is < 0 or > 0x10FFFF ? throw Invalid("a code point beyond U+10FFFF")
            : value <= 0xFFFF ? (char)value
            : throw new JavaPatternException("a character beyond U+FFFF has no counterpart here");
    }

    private string Name(ref int place)
    {
        if (place < pattern.Length && pattern[place] != '{')
        {
            return pattern[place++].ToString();
        }

        var end = pattern.IndexOf('}', Math.Min(place, pattern.Length));
        if (end < 0)
        {
            throw Invalid("unclosed character family");
        }

        var name = pattern[(place + 1)..end];
        place = end + 1;
        return name;
    }

    private CharacterSet Named(string name)
    {
        var plain =
            name.Split('=') is [var key, var value] && key.ToLowerInvariant() is "general_category" or "gc"
                ? name[(name.IndexOf('=') + 1)..]
                : name;
        return Ascii(IgnoreCase && plain is "Lower" or "Upper" ? "Alpha" : plain)
            ?? plain switch
            {
                "javaLowerCase"
                or "IsLowercase"
                or "javaUpperCase"
                or "IsUppercase"
                or "IsTitlecase"
                or "Lu"
                or "Ll"
                or "Lt" when IgnoreCase => Letters(),
                "LC" => Letters(),
                "javaLowerCase" or "IsLowercase" => CharacterSet.Where(char.IsLower),
                "javaUpperCase" or "IsUppercase" => CharacterSet.Where(char.IsUpper),
                "javaTitleCase" or "IsTitlecase" => CharacterSet.Category("Lt"),
                // Java's own white space leaves out the spaces that do not break a line.
                "javaWhitespace" => CharacterSet.Where(c =>
                    (char.IsWhiteSpace(c) && c is not ('\u00A0' or '\u2007' or '\u202F' or '\u0085')) || c is >= '\u001C' and <= '\u001F'
                ),
                "javaSpaceChar" => CharacterSet.Category("Z"),
                "IsWhite_Space" or "IsWhiteSpace" => CharacterSet.Where(char.IsWhiteSpace),
                "IsAlphabetic" or "IsLetter" or "javaLetter" or "javaAlphabetic" => CharacterSet.Where(char.IsLetter),
                "IsDigit" or "javaDigit" => CharacterSet.Where(char.IsDigit),
                "javaLetterOrDigit" or "LD" => CharacterSet.Where(char.IsLetterOrDigit),
                "IsPunctuation" => CharacterSet.Category("P"),
                "IsControl" or "javaISOControl" => CharacterSet.Category("Cc"),
                _ => CharacterSet.Category(plain.StartsWith("Is", StringComparison.Ordinal) ? plain[2..] : plain),
            }
            ?? throw (
                IsUnknown(name)
                    ? Invalid($"the character family {name} is not known")
                    : new JavaPatternException($"the character family {name} has no counterpart here")
            );
    }

    /// <summary>
    /// Whether Java knows no such family for certain: of scripts, blocks and properties of Unicode (<c>Is…</c>, <c>In…</c>) only the form
    /// is judged.
    /// </summary>
    private static bool IsUnknown(string name) =>
        name.Split('=', 2) is [var key, _] ? !Keys.Contains(key, StringComparer.OrdinalIgnoreCase)
        : name.StartsWith("java", StringComparison.Ordinal) ? !OfJava.Contains(name[4..], StringComparer.Ordinal)
        : name.StartsWith("Is", StringComparison.Ordinal) || name.StartsWith("In", StringComparison.Ordinal)
            ? name.Length == 2 || !char.IsAsciiLetter(name[2])
        : !Categories.Contains(name, StringComparer.Ordinal);

    private static CharacterSet Letters() =>
        CharacterSet.Category("Lu")!.Union(CharacterSet.Category("Ll")!).Union(CharacterSet.Category("Lt")!);

    /// <summary>The classes of POSIX, of ASCII alone as in Java.</summary>
    private static CharacterSet? Ascii(string name) =>
        name switch
        {
            "Lower" => CharacterSet.Range('a', 'z'),
            "Upper" => CharacterSet.Range('A', 'Z'),
            "ASCII" => CharacterSet.Range('\0', '\u007F'),
            "Alpha" => CharacterSet.Where(char.IsAsciiLetter),
            "Digit" => CharacterSet.Range('0', '9'),
            "Alnum" => CharacterSet.Where(char.IsAsciiLetterOrDigit),
            "Punct" => CharacterSet.Where(c => c is > ' ' and < '\u007F' && !char.IsAsciiLetterOrDigit(c)),
            "Graph" => CharacterSet.Range('!', '~'),
            "Print" => CharacterSet.Range(' ', '~'),
            "Blank" => CharacterSet.Any(" \t"),
            "Cntrl" => CharacterSet.Where(c => c is < ' ' or '\u007F'),
            "XDigit" => CharacterSet.Where(char.IsAsciiHexDigit),
            "Space" => CharacterSet.Any(Space),
            _ => null,
        };
}
