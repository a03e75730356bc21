using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Rules;

/// <summary>Alarms of CloudWatch.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html</remarks>
internal sealed class AlarmRule : IPropertyRule
{
    private const int Day = 86_400;
    private const int Hour = 3_600;

    private static readonly (string Name, string[] Values)[] Enumerations =
    [
        ("Statistic", ["SampleCount", "Average", "Sum", "Minimum", "Maximum"]),
        ("TreatMissingData", ["breaching", "notBreaching", "ignore", "missing"]),
        ("EvaluateLowSampleCountPercentile", ["evaluate", "ignore"]),
        (
            "ComparisonOperator",
            [
                "GreaterThanOrEqualToThreshold",
                "GreaterThanThreshold",
                "LessThanThreshold",
                "LessThanOrEqualToThreshold",
                "LessThanLowerOrGreaterThanUpperThreshold",
                "LessThanLowerThreshold",
                "GreaterThanUpperThreshold",
            ]
        ),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> Types { get; } = ["AWS::CloudWatch::Alarm"];

    /// <inheritdoc/>
    public IEnumerable<RefusedValue> Find(string type, JsonObject properties) =>
        Values(properties).Concat(Times(properties)).Concat(Metric(properties));

    private static IEnumerable<RefusedValue> Values(JsonObject properties)
    {
        foreach (var (name, values) in Enumerations)
        {
            if (properties.Known(name) is { } value && !values.Contains(value))
            {
                yield return Refused(
                    [name],
                    $"is \"{value}\"",
                    $"one of {string.Join(", ", values)}",
                    $"1 validation error detected: Value '{value}' at '{char.ToLowerInvariant(name[0])}{name[1..]}' failed to satisfy "
                        + $"constraint: Member must satisfy enum value set: [{string.Join(", ", values)}]"
                );
            }
        }
    }

    private static IEnumerable<RefusedValue> Times(JsonObject properties)
    {
        var (period, periods) = (properties.KnownNumber("Period"), properties.KnownNumber("EvaluationPeriods"));
        if (period is { } seconds && seconds is not (10 or 20 or 30) && (seconds < 60 || seconds % 60 != 0))
        {
            yield return Refused(
                ["Period"],
                $"is {seconds}",
                "10, 20, 30 or a multiple of 60 seconds",
                "Invalid metric alarm period: Period must be 10, 20, 30 or a multiple of 60."
            );
        }

        if (periods < 1)
        {
            yield return Refused(
                ["EvaluationPeriods"],
                $"is {periods}",
                "at least 1",
                $"1 validation error detected: Value '{periods}' at 'evaluationPeriods' failed to satisfy constraint: Member must have "
                    + "value greater than or equal to 1"
            );
        }

        if (properties.KnownNumber("DatapointsToAlarm") is { } points && (points < 1 || points > periods))
        {
            yield return Refused(
                ["DatapointsToAlarm"],
                $"is {points}",
                "1 to the number of EvaluationPeriods",
                "DatapointsToAlarm must be less than or equal to EvaluationPeriods."
            );
        }

        // "An alarm's total current evaluation period can be no longer than one day", or seven with periods of an hour or longer.
        var most = period >= Hour ? 7 * Day : Day;
        if (period * periods > most)
        {
            yield return Refused(
                ["EvaluationPeriods"],
                $"and Period make {period * periods} seconds",
                $"at most {most} in all",
                $"Metrics cannot be checked across more than {(most == Day ? "a day" : "seven days")} "
                    + $"(EvaluationPeriods * Period must be <= {most})."
            );
        }
    }

    private static IEnumerable<RefusedValue> Metric(JsonObject properties)
    {
        if (properties.IsGiven("Metrics") && properties.IsGiven("MetricName"))
        {
            yield return Refused(
                ["MetricName"],
                "is given beside Metrics",
                "one of MetricName and Metrics",
                "Metrics list and MetricName cannot be specified at the same time."
            );
        }
        else if (!properties.Has("Metrics") && !properties.Has("MetricName"))
        {
            yield return Refused([], "lacks the property MetricName", "MetricName, or Metrics", "Metric name must be specified.");
        }
        else if (properties.IsGiven("MetricName"))
        {
            foreach (var name in new[] { "Namespace", "Period" }.Where(name => !properties.Has(name)))
            {
                yield return Refused([], $"lacks the property {name}", $"{name} with MetricName", $"{name} must be specified.");
            }

            var areBoth = properties.IsGiven("Statistic") && properties.IsGiven("ExtendedStatistic");
            if (areBoth || (!properties.Has("Statistic") && !properties.Has("ExtendedStatistic")))
            {
                yield return Refused(
                    areBoth ? ["ExtendedStatistic"] : [],
                    areBoth ? "is given beside Statistic" : "lacks the property Statistic",
                    "one of Statistic and ExtendedStatistic",
                    "Exactly one element of the ExtendedStatistic and Statistic must be specified."
                );
            }
        }
    }

    private static RefusedValue Refused(string[] path, string problem, string expected, string message) =>
        new(path, problem, expected, "ValidationError", message);
}
