namespace Deployer.Rehearsal.EventBridge.Schedules;

/// <summary>When a scheduled rule runs.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html</remarks>
public abstract class Schedule
{
    /// <summary>The first moment after <paramref name="after"/>; <see langword="null"/> when there is none.</summary>
    public abstract DateTimeOffset? Next(DateTimeOffset after);

    /// <summary>Reads <c>rate(…)</c> or <c>cron(…)</c>.</summary>
    /// <exception cref="FormatException">It is neither, or one of its fields is out of range.</exception>
    public static Schedule Parse(string expression)
    {
        if (expression.EndsWith(')'))
        {
            if (expression.StartsWith("rate(", StringComparison.Ordinal))
            {
                return RateSchedule.Parse(expression[5..^1]);
            }

            if (expression.StartsWith("cron(", StringComparison.Ordinal))
            {
                return CronSchedule.Parse(expression[5..^1]);
            }
        }

        throw new FormatException($"'{expression}' is neither rate(…) nor cron(…)");
    }
}
