using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Deployer.Spec.Faults;

namespace Deployer.Spec.Edn;

/// <summary>Numbers, symbols, keywords and the named values.</summary>
internal static partial class EdnTokens
{
    // Beyond this a number is not configuration, and reading it would cost more than linear time.
    private const int MaxNumberLength = 1000;

    // https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/math/BigDecimal.html: its scale is a whole number of 32 bits.
    private const int LargestExponent = 1_000_000_000;

    public static EdnValue Read(EdnText text)
    {
        var at = text.Position;
        var token = text.TakeToken();
        return token switch
        {
            "" => throw text.Syntax($"'{text.Next}' is not expected here", "a form"),
            "nil" => new EdnNil(at),
            "true" => new EdnBoolean(at, Value: true),
            "false" => new EdnBoolean(at, Value: false),
            _ when BeginsNumber(token) => Number(at, token),
            [':', .. var name] => Keyword(at, name),
            _ => Symbol(at, token),
        };
    }

    public static EdnDouble ReadSymbolic(EdnText text)
    {
        var at = text.Position;
        return text.TakeToken() switch
        {
            "##Inf" => new EdnDouble(at, double.PositiveInfinity),
            "##-Inf" => new EdnDouble(at, double.NegativeInfinity),
            "##NaN" => new EdnDouble(at, double.NaN),
            var token => throw EdnText.Syntax(at, $"{token} is not a symbolic value", "##Inf, ##-Inf or ##NaN"),
        };
    }

    private static bool BeginsNumber(string token) => token is [>= '0' and <= '9', ..] or ['+' or '-', >= '0' and <= '9', ..];

    private static EdnValue Number(SourcePosition at, string token)
    {
        if (token.Length > MaxNumberLength)
        {
            throw EdnText.Syntax(at, $"the number has {token.Length} characters", $"at most {MaxNumberLength}");
        }
        if (HexPattern().Match(token) is { Success: true } hex)
        {
            var magnitude = BigInteger.Parse($"0{hex.Groups[2].Value}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return new EdnInteger(at, hex.Groups[1].Value == "-" ? -magnitude : magnitude);
        }
        if (IntegerPattern().Match(token) is { Success: true } integer)
        {
            return new EdnInteger(at, BigInteger.Parse(integer.Groups[1].Value, CultureInfo.InvariantCulture));
        }
        if (RatioPattern().Match(token) is { Success: true } ratio)
        {
            return Ratio(
                at,
                BigInteger.Parse(ratio.Groups[1].Value, CultureInfo.InvariantCulture),
                BigInteger.Parse(ratio.Groups[2].Value, CultureInfo.InvariantCulture)
            );
        }
        // Without a fraction, exponent or suffix it would be an integer with a leading zero, which Clojure takes for octal.
        if (DecimalPattern().Match(token) is { Success: true } number && token.AsSpan().ContainsAny(".eEM"))
        {
            return number.Groups[4].Success ? Exact(at, number) : new EdnDouble(at, double.Parse(token, CultureInfo.InvariantCulture));
        }
        throw EdnText.Syntax(
            at,
            $"\"{token}\" is not a number of EDN",
            "a number such as 10, 0x1F, 1/3, 2.5 or 2.5M, without leading zeros"
        );
    }

    private static EdnValue Ratio(SourcePosition at, BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
        {
            throw EdnText.Syntax(at, "the ratio divides by zero", "another denominator");
        }
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator);
        return denominator == divisor
            ? new EdnInteger(at, numerator / divisor)
            : new EdnRatio(at, numerator / divisor, denominator / divisor);
    }

    private static EdnDecimal Exact(SourcePosition at, Match number)
    {
        var fraction = number.Groups[2].Value;
        var unscaled = BigInteger.Parse(number.Groups[1].Value + fraction, CultureInfo.InvariantCulture);
        var exponent = 0;
        if (
            number.Groups[3].Success
            && (
                !int.TryParse(number.Groups[3].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)
                || Math.Abs((long)exponent) > LargestExponent
            )
        )
        {
            throw EdnText.Syntax(at, "the exponent of a number is too large", $"one from -{LargestExponent} to {LargestExponent}");
        }

        return new EdnDecimal(at, unscaled, fraction.Length - exponent);
    }

    private static EdnKeyword Keyword(SourcePosition at, string name)
    {
        if (name.StartsWith(':'))
        {
            throw EdnText.Syntax(at, $"\":{name}\" needs Clojure's namespaces", "a keyword with one colon");
        }
        return Parts(name) is var (ns, last)
            ? new EdnKeyword(at, ns, last)
            : throw EdnText.Syntax(at, $"\":{name}\" is not a keyword", "a keyword such as :fn or :mvn/version");
    }

    private static EdnSymbol Symbol(SourcePosition at, string token) =>
        token == "/" ? new EdnSymbol(at, Namespace: null, "/")
        : Parts(token) is var (ns, name) && !BeginsNumber(name) ? new EdnSymbol(at, ns, name)
        : throw EdnText.Syntax(at, $"\"{token}\" is not a symbol", "a symbol such as inventory.ions/get-item");

    // A slash separates the namespace from the name, which may itself be a slash.
    private static (string? Namespace, string Name)? Parts(string token)
    {
        if (token.Length == 0 || !token.All(IsConstituent) || token.EndsWith(':') || token.Contains("::", StringComparison.Ordinal))
        {
            return null;
        }
        var slash = token.IndexOf('/');
        if (slash < 0)
        {
            return (null, token);
        }
        var (ns, name) = (token[..slash], token[(slash + 1)..]);
        return ns.Length == 0 || name is "" or [':' or '#', ..] || (name != "/" && name.Contains('/')) ? null : (ns, name);
    }

    private static bool IsConstituent(char character) => char.IsLetterOrDigit(character) || ".*+!-_?$%&=<>:#'/|".Contains(character);

    [GeneratedRegex(@"^([-+]?)0[xX]([0-9a-fA-F]+)N?\z")]
    private static partial Regex HexPattern();

    [GeneratedRegex(@"^([-+]?(?:0|[1-9][0-9]*))N?\z")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"^([-+]?[0-9]+)/([0-9]+)\z")]
    private static partial Regex RatioPattern();

    [GeneratedRegex(@"^([-+]?[0-9]+)(?:\.([0-9]*))?(?:[eE]([-+]?[0-9]{1,6}))?(M)?\z")]
    private static partial Regex DecimalPattern();
}
