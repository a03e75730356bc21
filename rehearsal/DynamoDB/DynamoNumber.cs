using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>
/// A number of DynamoDB: up to 38 significant digits, magnitude 1E-130 to 9.9…E+125.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html.
/// </summary>
internal readonly partial record struct DynamoNumber : IComparable<DynamoNumber>
{
    private const int MaxDigits = 38;
    private const int MaxMagnitude = 125;
    private const int MinMagnitude = -130;

    private readonly BigInteger _coefficient;
    private readonly int _exponent;

    // One form for each value (no trailing zeros), so that equality is equality of the parts.
    private DynamoNumber(BigInteger coefficient, int exponent)
    {
        while (!coefficient.IsZero && (coefficient % 10).IsZero)
        {
            coefficient /= 10;
            exponent++;
        }

        (_coefficient, _exponent) = coefficient.IsZero ? (BigInteger.Zero, 0) : (coefficient, exponent);
    }

    private int Digits => BigInteger.Abs(_coefficient).ToString(CultureInfo.InvariantCulture).Length;

    /// <summary>About one byte for two digits, and one more.</summary>
    public int Size => (_coefficient.IsZero ? 1 : ((Digits + 1) / 2) + 1) + (_coefficient.Sign < 0 ? 1 : 0);

    public static DynamoNumber Parse(string text)
    {
        var match = Shape().Match(text);
        if (!match.Success)
        {
            throw DynamoDBError.Validation(
                text.Length == 0
                    ? "The parameter cannot be converted to a numeric value"
                    : $"The parameter cannot be converted to a numeric value: {text}"
            );
        }

        var fraction = match.Groups["fraction"].Value;
        var coefficient = BigInteger.Parse(match.Groups["whole"].Value + fraction, NumberStyles.None, CultureInfo.InvariantCulture);
        var exponent = match.Groups["exponent"] is { Success: true } shift
            ? int.TryParse(shift.Value, CultureInfo.InvariantCulture, out var read)
                ? read
                : throw Overflow()
            : 0;
        return new DynamoNumber(text[0] == '-' ? -coefficient : coefficient, exponent - fraction.Length).Checked();
    }

    public static DynamoNumber operator +(DynamoNumber left, DynamoNumber right)
    {
        var exponent = Math.Min(left._exponent, right._exponent);
        return new DynamoNumber(left.Scaled(exponent) + right.Scaled(exponent), exponent).Checked();
    }

    public static DynamoNumber operator -(DynamoNumber left, DynamoNumber right) =>
        left + new DynamoNumber(-right._coefficient, right._exponent);

    public int CompareTo(DynamoNumber other)
    {
        var exponent = Math.Min(_exponent, other._exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    /// <summary>Without an exponent, as DynamoDB answers numbers.</summary>
    public override string ToString()
    {
        var digits = BigInteger.Abs(_coefficient).ToString(CultureInfo.InvariantCulture);
        var sign = _coefficient.Sign < 0 ? "-" : "";
        if (_exponent >= 0)
        {
            return sign + digits + new string('0', _exponent);
        }

        var padded = digits.PadLeft(1 - _exponent, '0');
        return $"{sign}{padded[..^-_exponent]}.{padded[^-_exponent..]}";
    }

    private static ApiException Overflow() =>
        DynamoDBError.Validation("Number overflow. Attempting to store a number with magnitude larger than supported range");

    private BigInteger Scaled(int exponent) => _coefficient * BigInteger.Pow(10, _exponent - exponent);

    private DynamoNumber Checked()
    {
        if (_coefficient.IsZero)
        {
            return this;
        }

        var magnitude = Digits + _exponent - 1;
        return Digits > MaxDigits ? throw DynamoDBError.Validation("Attempting to store more than 38 significant digits in a Number")
            : magnitude > MaxMagnitude ? throw Overflow()
            : magnitude < MinMagnitude
                ? throw DynamoDBError.Validation(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported range"
                )
            : this;
    }

    [GeneratedRegex(
        @"^[+-]?(?=\.?[0-9])(?<whole>[0-9]*)(\.(?<fraction>[0-9]*))?([eE](?<exponent>[+-]?[0-9]+))?\z",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Shape();
}
