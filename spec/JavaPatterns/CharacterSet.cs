using System.Collections;
using System.Globalization;
using System.Text;

namespace Deployer.JavaPatterns;

/// <summary>A set of UTF-16 code units, with the operations of Java's classes.</summary>
internal sealed class CharacterSet
{
    private const int Size = 0x10000;
    private readonly BitArray _members;

    private CharacterSet(BitArray members) => _members = members;

    /// <summary>The set with no member.</summary>
    public static CharacterSet Empty() => new(new BitArray(Size));

    /// <summary>The characters from one to another.</summary>
    public static CharacterSet Range(char first, char last)
    {
        var set = Empty();
        for (var c = (int)first; c <= last; c++)
        {
            set._members[c] = true;
        }

        return set;
    }

    /// <summary>The characters of a text.</summary>
    public static CharacterSet Any(string characters) => Where(c => characters.Contains(c, StringComparison.Ordinal));

    /// <summary>The characters that satisfy something.</summary>
    public static CharacterSet Where(Func<char, bool> predicate)
    {
        var set = Empty();
        for (var c = 0; c < Size; c++)
        {
            set._members[c] = predicate((char)c);
        }

        return set;
    }

    /// <summary>The characters of a general category, named by one letter or two; null when Unicode has none of the name.</summary>
    public static CharacterSet? Category(string name)
    {
        var categories = Array.FindAll(
            Enum.GetValues<UnicodeCategory>(),
            category => Code(category).StartsWith(name, StringComparison.Ordinal)
        );
        return categories.Length == 0 || name.Length > 2 ? null : Where(c => Array.IndexOf(categories, char.GetUnicodeCategory(c)) >= 0);
    }

    public bool Contains(char c) => _members[c];

    public CharacterSet Union(CharacterSet other) => new(new BitArray(_members).Or(other._members));

    public CharacterSet Intersection(CharacterSet other) => new(new BitArray(_members).And(other._members));

    public CharacterSet Complement() => new(new BitArray(_members).Not());

    /// <summary>The set as an expression of .NET.</summary>
    public string ToExpression()
    {
        var ranges = new StringBuilder();
        var (count, only) = (0, 0);
        for (var c = 0; c < Size; c++)
        {
            if (!_members[c])
            {
                continue;
            }

            var first = c;
            while (c + 1 < Size && _members[c + 1])
            {
                c++;
            }

            (count, only) = (count + c - first + 1, first);
            ranges.Append(Escaped((char)first));
            if (c > first)
            {
                ranges.Append('-').Append(Escaped((char)c));
            }
        }

        return count switch
        {
            0 => "(?!)",
            1 => Escaped((char)only),
            _ when HasAllSurrogates => $@"(?>[\uD800-\uDBFF][\uDC00-\uDFFF]|[{ranges}])",
            _ => $"[{ranges}]",
        };
    }

    /// <summary>Whether a character beyond U+FFFF is meant too: Java counts it as one, where .NET sees two.</summary>
    private bool HasAllSurrogates => Enumerable.Range(0xD800, 0x800).All(c => _members[c]);

    /// <summary>A character that stands for itself, in a class and out of it.</summary>
    public static string Escaped(char c) => char.IsAsciiLetterOrDigit(c) || c == '_' ? c.ToString() : $"\\u{(int)c:X4}";

    private static string Code(UnicodeCategory category) =>
        category switch
        {
            UnicodeCategory.UppercaseLetter => "Lu",
            UnicodeCategory.LowercaseLetter => "Ll",
            UnicodeCategory.TitlecaseLetter => "Lt",
            UnicodeCategory.ModifierLetter => "Lm",
            UnicodeCategory.OtherLetter => "Lo",
            UnicodeCategory.NonSpacingMark => "Mn",
            UnicodeCategory.SpacingCombiningMark => "Mc",
            UnicodeCategory.EnclosingMark => "Me",
            UnicodeCategory.DecimalDigitNumber => "Nd",
            UnicodeCategory.LetterNumber => "Nl",
            UnicodeCategory.OtherNumber => "No",
            UnicodeCategory.SpaceSeparator => "Zs",
            UnicodeCategory.LineSeparator => "Zl",
            UnicodeCategory.ParagraphSeparator => "Zp",
            UnicodeCategory.Control => "Cc",
            UnicodeCategory.Format => "Cf",
            UnicodeCategory.Surrogate => "Cs",
            UnicodeCategory.PrivateUse => "Co",
            UnicodeCategory.ConnectorPunctuation => "Pc",
            UnicodeCategory.DashPunctuation => "Pd",
            UnicodeCategory.OpenPunctuation => "Ps",
            UnicodeCategory.ClosePunctuation => "Pe",
            UnicodeCategory.InitialQuotePunctuation => "Pi",
            UnicodeCategory.FinalQuotePunctuation => "Pf",
            UnicodeCategory.OtherPunctuation => "Po",
            UnicodeCategory.MathSymbol => "Sm",
            UnicodeCategory.CurrencySymbol => "Sc",
            UnicodeCategory.ModifierSymbol => "Sk",
            UnicodeCategory.OtherSymbol => "So",
            _ => "Cn",
        };
}
