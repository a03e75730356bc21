using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.Lambda;

/// <summary>
/// The times that the library of the Lambda runtime writes at the beginning of a line of a function's log, as text or JSON: a program's
/// clock is the machine's, and the world has another time.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
internal static partial class LogTimes
{
    /// <summary>The line with the world's time in the place of the machine's; a line that begins with no time as it is.</summary>
    public static string InWorld(string line, DateTimeOffset now) =>
        Time()
            .Replace(
                line,
                match =>
                    match.Groups["before"].Value + now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                count: 1
            );

    [GeneratedRegex(
        """\A(?<before>(\{"timestamp":")?)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z(?=["\t])""",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Time();
}
