using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.StepFunctions.Definitions;

/// <summary>The timestamps of the States language: RFC 3339 with an upper-case T and an offset or Z.</summary>
public static partial class Timestamps
{
    /// <summary>Reads a timestamp; false when the text is none. Digits below 100 nanoseconds are dropped.</summary>
    public static bool TryParse(string text, out DateTimeOffset instant)
    {
        instant = default;
        var match = Shape().Match(text);
        return match.Success
            && DateTimeOffset.TryParse(
                match.Groups["seconds"].Value + match.Groups["fraction"].Value + match.Groups["offset"].Value,
                CultureInfo.InvariantCulture,
                DateTimeStyles.RoundtripKind,
                out instant
            );
    }

    [GeneratedRegex(
        @"^(?<seconds>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?<fraction>\.\d{1,7})?\d*(?<offset>Z|[+-]\d{2}:\d{2})$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Shape();
}
