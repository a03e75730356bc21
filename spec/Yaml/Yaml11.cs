using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Spec.Yaml;

/// <summary>What YAML 1.1 makes of a scalar without quotes.</summary>
internal enum Yaml11Kind
{
    /// <summary>The text, or a number or boolean that is written as the same text.</summary>
    Same,

    /// <summary><c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>: a boolean.</summary>
    Boolean,

    /// <summary>A number that begins with 0, whose zero is lost: in base 8 where its digits allow it.</summary>
    LeadingZero,

    /// <summary>Digits with colons: a number in base 60.</summary>
    Sexagesimal,

    /// <summary>A number with an exponent.</summary>
    Exponent,

    /// <summary>A number in base 2 or 16, or with underscores.</summary>
    OtherBase,

    /// <summary>A number that is written in another way, such as without its last zero or its plus sign.</summary>
    Fraction,
}

/// <summary>A scalar as a reader of YAML 1.1 sees it.</summary>
/// <param name="Kind">What it becomes.</param>
/// <param name="Text">The text that it is after that; null where readers differ.</param>
internal readonly record struct Yaml11Value(Yaml11Kind Kind, string? Text);

/// <summary>
/// Reads scalars as YAML 1.1 does (https://yaml.org/type/), which CloudFormation supports without its timestamps
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html): <c>2012-10-17</c> stays a text.
/// </summary>
internal static partial class Yaml11
{
    /// <summary>Whether a reader takes a scalar without quotes for a number.</summary>
    public static bool IsNumber(string plain) => Integer().IsMatch(plain) || Float().IsMatch(plain);

    /// <summary>What a reader takes a scalar without quotes for that is a boolean or nothing; null for any other.</summary>
    public static string? IsBooleanOrNull(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => "null",
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => "a boolean",
            _ => Resolve(plain).Kind == Yaml11Kind.Boolean ? "a boolean" : null,
        };

    /// <summary>What becomes of a scalar without quotes.</summary>
    public static Yaml11Value Resolve(string plain)
    {
        switch (plain)
        {
            case "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return new Yaml11Value(Yaml11Kind.Boolean, "true");
            case "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return new Yaml11Value(Yaml11Kind.Boolean, "false");
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                return new Yaml11Value(Yaml11Kind.Same, plain.ToLowerInvariant());
        }
        if (!IsNumber(plain))
        {
            return new Yaml11Value(Yaml11Kind.Same, plain);
        }
        if (plain.Contains(':', StringComparison.Ordinal))
        {
            return new Yaml11Value(Yaml11Kind.Sexagesimal, null);
        }
        if (LeadingZero().IsMatch(plain))
        {
            return new Yaml11Value(Yaml11Kind.LeadingZero, null);
        }
        if (OtherBase().IsMatch(plain))
        {
            return new Yaml11Value(Yaml11Kind.OtherBase, null);
        }
        if (plain.Contains('e', StringComparison.OrdinalIgnoreCase))
        {
            return new Yaml11Value(Yaml11Kind.Exponent, Number(plain));
        }
        var text = plain.Contains('.', StringComparison.Ordinal) ? Number(plain) : plain.TrimStart('+');
        return new Yaml11Value(text == plain ? Yaml11Kind.Same : Yaml11Kind.Fraction, text);
    }

    // As Java writes a double, which is what CloudFormation was seen to answer: 1.0, 1.3376701607E10.
    private static string? Number(string plain)
    {
        if (!double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return null;
        }
        return number == 0 || Math.Abs(number) is >= 1e-3 and < 1e7
            ? number.ToString("0.0################", CultureInfo.InvariantCulture)
            : number.ToString("0.0################E0", CultureInfo.InvariantCulture);
    }

    // https://yaml.org/type/int.html; a number of decimal digits that begins with 0 is none there, and is to the readers at hand.
    [GeneratedRegex(
        @"^[-+]?(0b[01_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*|[1-9][0-9_]*(:[0-5]?[0-9])+)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Integer();

    // https://yaml.org/type/float.html; an exponent needs no sign and no point to the readers at hand.
    [GeneratedRegex(
        @"^[-+]?([0-9][0-9_]*\.[0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*[eE][-+]?[0-9]+|"
            + @"\.[0-9][0-9_]*([eE][-+]?[0-9]+)?|[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Float();

    [GeneratedRegex(@"^[-+]?0[0-9_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZero();

    [GeneratedRegex(@"^[-+]?0[bx]|_", RegexOptions.CultureInvariant)]
    private static partial Regex OtherBase();
}
