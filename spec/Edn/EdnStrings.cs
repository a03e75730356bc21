using System.Globalization;
using System.Text;

namespace Deployer.Spec.Edn;

/// <summary>Strings and characters.</summary>
internal static class EdnStrings
{
    private const string Escapes = "\\\", \\\\, \\n, \\r, \\t, \\b, \\f, \\uXXXX or an octal number up to \\377";

    public static EdnString ReadString(EdnText text)
    {
        var at = text.Position;
        text.Skip(1);
        var value = new StringBuilder();
        while (true)
        {
            if (text.AtEnd)
            {
                throw EdnText.Syntax(at, "the string that begins here has no end", "a closing quote");
            }
            var escapeAt = text.Position;
            switch (text.Take())
            {
                case '"':
                    return new EdnString(at, value.ToString());
                case '\\' when !text.AtEnd:
                    value.Append(Escaped(text, escapeAt));
                    break;
                case var character:
                    value.Append(character);
                    break;
            }
        }
    }

    public static EdnCharacter ReadCharacter(EdnText text)
    {
        var at = text.Position;
        text.Skip(1);
        if (text.AtEnd)
        {
            throw EdnText.Syntax(at, "nothing follows the backslash", "a character");
        }
        // The first character is taken whatever it is: \( and \; are characters.
        var name = text.Take() + text.TakeToken();
        return new EdnCharacter(
            at,
            Named(name) ?? throw EdnText.Syntax(at, $"\\{name} is not a character", "one character, a name such as \\newline, or \\uXXXX")
        );
    }

    private static char? Named(string name) =>
        name switch
        {
            [var single] => single,
            "newline" => '\n',
            "return" => '\r',
            "space" => ' ',
            "tab" => '\t',
            "formfeed" => '\f',
            "backspace" => '\b',
            ['u', .. var hex] when hex.Length == 4 => Unit(hex),
            ['o', .. var octal] when octal.Length <= 3 => Octal(octal),
            _ => null,
        };

    private static char Escaped(EdnText text, Faults.SourcePosition at)
    {
        var code = text.Take();
        switch (code)
        {
            case '"' or '\\':
                return code;
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'u':
                var hex = TakeDigits(text, 4, char.IsAsciiHexDigit);
                return hex.Length == 4 && Unit(hex) is { } unit ? unit : throw EdnText.Syntax(at, $"\\u{hex} is not an escape", Escapes);
            case >= '0' and <= '7':
                var octal = code + TakeDigits(text, 2, character => character is >= '0' and <= '7');
                return Octal(octal) ?? throw EdnText.Syntax(at, $"\\{octal} is not an escape", Escapes);
            default:
                throw EdnText.Syntax(at, $"\\{code} is not an escape", Escapes);
        }
    }

    private static string TakeDigits(EdnText text, int count, Func<char, bool> isDigit)
    {
        var digits = new StringBuilder();
        while (digits.Length < count && !text.AtEnd && isDigit(text.Next))
        {
            digits.Append(text.Take());
        }
        return digits.ToString();
    }

    private static char? Unit(string hex) =>
        ushort.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit) ? (char)unit : null;

    private static char? Octal(string digits) =>
        digits.Length > 0
        && digits.All(digit => digit is >= '0' and <= '7')
        && digits.Aggregate(0, (sum, digit) => (sum * 8) + digit - '0') is <= 255 and var unit
            ? (char)unit
            : null;
}
