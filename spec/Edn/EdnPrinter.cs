using System.Globalization;
using System.Text;

namespace Deployer.Spec.Edn;

/// <summary>Prints values so that reading them again gives equal values.</summary>
internal static class EdnPrinter
{
    public static string Print(EdnValue value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, EdnValue value)
    {
        switch (value)
        {
            case EdnString @string:
                AppendString(text, @string.Value);
                break;
            case EdnCharacter character:
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character.Value:x4}");
                break;
            case EdnSequence sequence:
                AppendItems(text, sequence.IsVector ? "[" : "(", sequence.Items, sequence.IsVector ? ']' : ')');
                break;
            case EdnSet set:
                AppendItems(text, "#{", set.Items, '}');
                break;
            case EdnMap map:
                AppendItems(text, "{", map.Entries.SelectMany(entry => new[] { entry.Key, entry.Value }), '}');
                break;
            case EdnTagged tagged:
                text.Append('#').Append(tagged.Tag.FullName).Append(' ');
                Append(text, tagged.Value);
                break;
            default:
                text.Append(Token(value));
                break;
        }
    }

    private static string Token(EdnValue value) =>
        value switch
        {
            EdnNil => "nil",
            EdnBoolean boolean => boolean.Value ? "true" : "false",
            EdnSymbol symbol => symbol.FullName,
            EdnKeyword keyword => $":{keyword.FullName}",
            EdnInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
            EdnRatio ratio => string.Create(CultureInfo.InvariantCulture, $"{ratio.Numerator}/{ratio.Denominator}"),
            EdnDecimal number => string.Create(CultureInfo.InvariantCulture, $"{number.Unscaled}E{-number.Scale}M"),
            EdnDouble number => Token(number.Value),
            _ => throw new InvalidOperationException($"{value.GetType().Name} cannot be printed."),
        };

    private static string Token(double value)
    {
        if (double.IsFinite(value))
        {
            var text = value.ToString("R", CultureInfo.InvariantCulture);
            return text.AsSpan().ContainsAny(".E") ? text : $"{text}.0";
        }
        return double.IsNaN(value) ? "##NaN"
            : value > 0 ? "##Inf"
            : "##-Inf";
    }

    private static void AppendItems(StringBuilder text, string opening, IEnumerable<EdnValue> items, char closing)
    {
        text.Append(opening);
        var separate = false;
        foreach (var item in items)
        {
            if (separate)
            {
                text.Append(' ');
            }
            Append(text, item);
            separate = true;
        }
        text.Append(closing);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ => text.Append(character),
            };
        }
        text.Append('"');
    }
}
