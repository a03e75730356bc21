using System.Globalization;

namespace Deployer.Rehearsal.EventBridge.Schedules;

/// <summary>A fixed period, counted from the rule's creation.</summary>
internal sealed class RateSchedule(TimeSpan period) : Schedule
{
    public override DateTimeOffset? Next(DateTimeOffset after) => period <= DateTimeOffset.MaxValue - after ? after + period : null;

    internal static new RateSchedule Parse(string text)
    {
        if (
            text.Split(' ') is [var number, var unit]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            && Unit(unit, count == 1) is { } length
            && count <= TimeSpan.MaxValue / length
        )
        {
            return new RateSchedule(count * length);
        }

        throw new FormatException(
            $"'rate({text})' is not a positive number and a unit: minute or minutes, hour or hours, day or days; the singular with 1 only"
        );
    }

    private static TimeSpan? Unit(string unit, bool one) =>
        (unit, one) switch
        {
            ("minute", true) or ("minutes", false) => TimeSpan.FromMinutes(1),
            ("hour", true) or ("hours", false) => TimeSpan.FromHours(1),
            ("day", true) or ("days", false) => TimeSpan.FromDays(1),
            _ => null,
        };
}
