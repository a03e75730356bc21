using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Jsonata;

/// <content>Functions over numbers and booleans.</content>
internal static partial class JsonataFunctions
{
    private static IEnumerable<(string, int, Func<IReadOnlyList<object?>, object?, object?>)> Numbers(JsonataClock clock)
    {
        yield return ("number", 1, (a, c) => ToNumber(Subject(a, c)));
        yield return Numeric("abs", Math.Abs);
        yield return Numeric("floor", Math.Floor);
        yield return Numeric("ceil", Math.Ceiling);
        yield return Numeric(
            "sqrt",
            n =>
                n >= 0
                    ? Math.Sqrt(n)
                    : throw new JsonataException(
                        "D3060",
                        $"The sqrt function cannot be applied to a negative number: {JsonataValue.Text(n)}"
                    )
        );
        yield return (
            "round",
            2,
            (a, c) => Subject(a, c) is { } n ? Rounded(Number(n, "round"), At(a, 1) is { } p ? (int)Number(p, "round", 2) : 0) : null
        );
        yield return ("power", 2, (a, _) => At(a, 0) is { } n ? Powered(Number(n, "power"), Number(At(a, 1), "power", 2)) : null);
        yield return (
            "formatBase",
            2,
            (a, _) =>
                At(a, 0) is { } n
                    ? Based((long)Rounded(Number(n, "formatBase"), 0), At(a, 1) is { } b ? (int)Number(b, "formatBase", 2) : 10)
                    : null
        );
        yield return ("sum", 1, (a, _) => At(a, 0) is { } v ? Numbers(v, "sum").Sum() : null);
        yield return ("max", 1, (a, _) => At(a, 0) is { } v && Numbers(v, "max") is { Count: > 0 } n ? n.Max() : null);
        yield return ("min", 1, (a, _) => At(a, 0) is { } v && Numbers(v, "min") is { Count: > 0 } n ? n.Min() : null);
        yield return ("average", 1, (a, _) => At(a, 0) is { } v && Numbers(v, "average") is { Count: > 0 } n ? n.Average() : null);
        yield return ("boolean", 1, (a, c) => Subject(a, c) is { } v ? JsonataValue.IsTrue(v) : null);
        yield return ("not", 1, (a, c) => Subject(a, c) is { } v ? !JsonataValue.IsTrue(v) : null);
        yield return ("random", 0, (a, _) => At(a, 0) is { } seed ? new Random((int)Number(seed, "random")).NextDouble() : clock.Random());
        yield return ("uuid", 0, (_, _) => Paths.IntrinsicFunctions.Uuid(clock.Random));
        foreach (var name in NotSimulated)
        {
            // Calls by this name are refused before; the function can still be handed to another one.
            yield return (name, 2, (_, _) => throw new JsonataException("T1006", $"The rehearsal does not simulate the function ${name}"));
        }
    }

    private static (string, int, Func<IReadOnlyList<object?>, object?, object?>) Numeric(string name, Func<double, double> call) =>
        (name, 1, (a, c) => Subject(a, c) is { } value ? call(Number(value, name)) : null);

    private static List<double> Numbers(object value, string function) => [.. Many(value).Select(item => Number(item, function))];

    private static object? ToNumber(object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case double number:
                return number;
            case bool flag:
                return flag ? 1.0 : 0.0;
            case string text
                when Regex.IsMatch(
                    text,
                    @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([Ee][-+]?[0-9]+)?$",
                    RegexOptions.ExplicitCapture,
                    TimeSpan.FromSeconds(1)
                ):
                return double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
            case string text when Regex.IsMatch(text, @"^0[xX][0-9A-Fa-f]+$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)):
                return (double)Convert.ToInt64(text[2..], 16);
            case string text:
                throw new JsonataException("D3030", $"Unable to cast value to a number: \"{text}\"");
            default:
                throw Refused("number", 1);
        }
    }

    /// <summary>Halves go to the even neighbour.</summary>
    private static double Rounded(double number, int precision)
    {
        var scale = Math.Pow(10, precision);
        return Math.Round(number * scale, MidpointRounding.ToEven) / scale;
    }

    private static double Powered(double number, double exponent)
    {
        var result = Math.Pow(number, exponent);
        return double.IsFinite(result)
            ? result
            : throw new JsonataException(
                "D3061",
                $"The power function has resulted in a value that cannot be represented as a JSON number: base={number}, "
                    + $"exponent={exponent}"
            );
    }

    private static string Based(long number, int radix)
    {
        if (radix is < 2 or > 36)
        {
            throw new JsonataException("D3100", $"The radix of the formatBase function must be between 2 and 36.  It was given {radix}");
        }

        var digits = new List<char>();
        for (var rest = Math.Abs(number); rest > 0 || digits.Count == 0; rest /= radix)
        {
            digits.Insert(0, "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(rest % radix)]);
        }

        return (number < 0 ? "-" : "") + string.Concat(digits);
    }
}
