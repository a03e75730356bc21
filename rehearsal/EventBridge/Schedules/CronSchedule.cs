using System.Globalization;

namespace Deployer.Rehearsal.EventBridge.Schedules;

/// <summary>Six fields, in UTC: minutes, hours, day of the month, month, day of the week, year.</summary>
internal sealed class CronSchedule : Schedule
{
    private const int LastYear = 2199;
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private readonly CronField _minutes;
    private readonly CronField _hours;
    private readonly CronField _months;
    private readonly CronField _years;
    private readonly Func<DateOnly, bool> _day;

    private CronSchedule(CronField minutes, CronField hours, CronField months, CronField years, Func<DateOnly, bool> day)
    {
        _minutes = minutes;
        _hours = hours;
        _months = months;
        _years = years;
        _day = day;
    }

    public override DateTimeOffset? Next(DateTimeOffset after)
    {
        var from = after.UtcDateTime;
        for (var date = DateOnly.FromDateTime(from); date.Year <= LastYear; date = date.AddDays(1))
        {
            if (!_years.Has(date.Year) || !_months.Has(date.Month) || !_day(date))
            {
                continue;
            }

            foreach (var hour in _hours.Values)
            {
                foreach (var minute in _minutes.Values)
                {
                    var at = date.ToDateTime(new TimeOnly(hour, minute), DateTimeKind.Utc);
                    if (at > from)
                    {
                        return new DateTimeOffset(at);
                    }
                }
            }
        }

        return null;
    }

    internal static new CronSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
        {
            throw new FormatException($"'cron({text})' has {fields.Length} fields, not six");
        }

        if (fields[2] == "?" == (fields[4] == "?"))
        {
            throw new FormatException($"'cron({text})': one of day of the month and day of the week must be '?', the other not");
        }

        return new CronSchedule(
            CronField.Parse("minutes", fields[0], 0, 59),
            CronField.Parse("hours", fields[1], 0, 23),
            CronField.Parse("month", fields[3], 1, 12, Months),
            CronField.Parse("year", fields[5], 1970, LastYear),
            fields[2] == "?" ? DayOfWeek(fields[4]) : DayOfMonth(fields[2])
        );
    }

    private static Func<DateOnly, bool> DayOfMonth(string field)
    {
        if (field == "L")
        {
            return date => date.AddDays(1).Day == 1;
        }

        if (field == "LW")
        {
            return date => date == NearestWeekday(date.Year, date.Month, DateTime.DaysInMonth(date.Year, date.Month));
        }

        if (field.EndsWith('W'))
        {
            var day = Number(field[..^1], 1, 31, field);
            return date => day <= DateTime.DaysInMonth(date.Year, date.Month) && date == NearestWeekday(date.Year, date.Month, day);
        }

        var days = CronField.Parse("day of the month", field, 1, 31);
        return date => days.Has(date.Day);
    }

    private static Func<DateOnly, bool> DayOfWeek(string field)
    {
        if (field == "L")
        {
            return date => Weekday(date) == 7;
        }

        if (field.EndsWith('L'))
        {
            var last = CronField.Parse("day of the week", field[..^1], 1, 7, Weekdays);
            return date => last.Has(Weekday(date)) && date.AddDays(7).Month != date.Month;
        }

        if (field.Split('#') is [var day, var nth])
        {
            var weekday = CronField.Parse("day of the week", day, 1, 7, Weekdays);
            var number = Number(nth, 1, 5, field);
            return date => weekday.Has(Weekday(date)) && ((date.Day - 1) / 7) + 1 == number;
        }

        var weekdays = CronField.Parse("day of the week", field, 1, 7, Weekdays);
        return date => weekdays.Has(Weekday(date));
    }

    /// <summary>1 is Sunday.</summary>
    private static int Weekday(DateOnly date) => (int)date.DayOfWeek + 1;

    /// <summary>The weekday closest to a day, in the same month.</summary>
    private static DateOnly NearestWeekday(int year, int month, int day)
    {
        var date = new DateOnly(year, month, day);
        return date.DayOfWeek switch
        {
            System.DayOfWeek.Saturday => date.AddDays(day == 1 ? 2 : -1),
            System.DayOfWeek.Sunday => date.AddDays(date.AddDays(1).Month == month ? 1 : -2),
            _ => date,
        };
    }

    private static int Number(string text, int least, int most, string field) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"'{field}' is not between {least} and {most}");
}
