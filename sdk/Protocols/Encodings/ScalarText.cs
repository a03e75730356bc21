using System.Globalization;

namespace Deployer.Protocols;

/// <summary>Scalars as text, as queries, XML, headers and paths hold them.</summary>
internal static class ScalarText
{
    private const string Iso8601 = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    internal static string Format(ScalarShape shape, object value) =>
        shape.Kind switch
        {
            ScalarKind.Boolean => (bool)value ? "true" : "false",
            ScalarKind.Timestamp => FormatTimestamp((DateTime)value),
            ScalarKind.EpochMilliseconds => EpochMilliseconds((DateTime)value).ToString(CultureInfo.InvariantCulture),
            ScalarKind.Blob => Convert.ToBase64String(((MemoryStream)value).ToArray()),
            ScalarKind.String => value.ToString()!,
            _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
        };

    /// <exception cref="FormatException">The text does not fit the shape.</exception>
    /// <exception cref="OverflowException">The number does not fit the shape.</exception>
    internal static object Parse(ScalarShape shape, string text) =>
        shape.FromRead(
            shape.Kind switch
            {
                ScalarKind.String => text,
                ScalarKind.Boolean => bool.Parse(text),
                ScalarKind.Integer => int.Parse(text, CultureInfo.InvariantCulture),
                ScalarKind.Long => long.Parse(text, CultureInfo.InvariantCulture),
                ScalarKind.Float => float.Parse(text, CultureInfo.InvariantCulture),
                ScalarKind.Double => double.Parse(text, CultureInfo.InvariantCulture),
                ScalarKind.Timestamp => ParseTimestamp(text),
                ScalarKind.EpochMilliseconds => FromEpochMilliseconds(long.Parse(text, CultureInfo.InvariantCulture)),
                ScalarKind.Blob => new MemoryStream(Convert.FromBase64String(text)),
                _ => throw new InvalidOperationException($"{shape.Kind} has no text."),
            }
        );

    /// <summary>ISO 8601 in UTC with milliseconds, as AWS writes it.</summary>
    internal static string FormatTimestamp(DateTime value) => value.ToUniversalTime().ToString(Iso8601, CultureInfo.InvariantCulture);

    internal static DateTime ParseTimestamp(string text) =>
        DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    internal static long EpochMilliseconds(DateTime value) => (long)(value.ToUniversalTime() - DateTime.UnixEpoch).TotalMilliseconds;

    /// <exception cref="FormatException">The years are beyond those of a date.</exception>
    internal static DateTime FromEpochMilliseconds(long milliseconds)
    {
        try
        {
            return DateTime.UnixEpoch.AddMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new FormatException($"{milliseconds} milliseconds since 1970 are no date", fault);
        }
    }
}
