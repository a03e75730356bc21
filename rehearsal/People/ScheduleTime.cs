using System.Globalization;
using System.Text.RegularExpressions;

namespace Deployer.Rehearsal.People;

/// <summary>Lengths of time as a schedule writes them: <c>1h</c>, <c>12m30s</c>, <c>1.5s</c>, <c>200ms</c>.</summary>
internal static partial class ScheduleTime
{
    /// <summary>What is expected where something else stands.</summary>
    public const string Expected = "expected a length of time such as 12m30s, 1.5s or 200ms";

    /// <summary>The longest that a schedule may wait: beyond it a rehearsal gives up in any case.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    /// <summary>Reads one.</summary>
    /// <returns><see langword="null"/> when it is none; more than <see cref="Longest"/> when it is longer.</returns>
    public static TimeSpan? Parse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return null;
        }

        // No number may leave what a length of time can hold.
        var seconds = (Value("h") * 3600) + (Value("m") * 60) + Value("s") + (Value("ms") / 1000);
        return seconds > Longest.TotalSeconds
            ? TimeSpan.MaxValue
            : TimeSpan.FromHours(Value("h"))
                + TimeSpan.FromMinutes(Value("m"))
                + TimeSpan.FromSeconds(Value("s"))
                + TimeSpan.FromMilliseconds(Value("ms"));

        double Value(string unit) =>
            match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Writes one.</summary>
    public static string Text(TimeSpan time)
    {
        if (time == TimeSpan.Zero)
        {
            return "0s";
        }

        var hours = time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(time.TotalHours)}h") : string.Empty;
        var minutes = time.Minutes > 0 ? $"{time.Minutes}m" : string.Empty;
        var rest = TimeSpan.FromTicks(time.Ticks % TimeSpan.TicksPerMinute).TotalSeconds;
        var seconds = rest > 0 ? string.Create(CultureInfo.InvariantCulture, $"{rest:0.###}s") : string.Empty;
        return hours + minutes + seconds;
    }

    [GeneratedRegex(
        @"^((?<h>[0-9]+)h)?((?<m>[0-9]+)m(?!s))?((?<s>[0-9]+(\.[0-9]{1,3})?)s)?((?<ms>[0-9]+)ms)?\z",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Pattern();
}
