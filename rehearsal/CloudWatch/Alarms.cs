using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudWatch;

/// <summary>
/// The alarms that stacks have made. Their states follow from the metrics at each moment, so that simulated time can stand still while
/// nothing else happens; no action is taken and no event sent when one changes.
/// </summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html: an alarm looks at its last periods, of which
/// missing ones count as TreatMissingData says. CloudWatch reaches further back for data than the evaluated periods where some are missing;
/// the rehearsal does not.
/// </remarks>
internal sealed class Alarms(RehearsalWorld world, MetricStore metrics)
{
    private const string Type = "AWS::CloudWatch::Alarm";
    private const int SecondsOfMinute = 60;

    // How far back a change of the state is looked for.
    private const int Lookback = 24 * 60;

    private readonly Table<RecordedResource> _resources = world.Store.Table<RecordedResource>("resources");

    /// <summary>The alarms of an account and region, by name.</summary>
    public IEnumerable<MetricAlarm> All(string account, string region) =>
        _resources
            .WithPrefix(RegionalKey.Prefix(account, region, Type))
            .Select(entry => entry.Value)
            .Where(resource => resource.Properties.ContainsKey("MetricName"))
            .Select(resource => Describe(account, region, resource));

    private MetricAlarm Describe(string account, string region, RecordedResource resource)
    {
        var properties = resource.Properties;
        var alarm = new MetricAlarm
        {
            AlarmName = resource.PhysicalId,
            AlarmArn = $"arn:aws:cloudwatch:{region}:{account}:alarm:{resource.PhysicalId}",
            AlarmDescription = Text(properties, "AlarmDescription"),
            ActionsEnabled = Text(properties, "ActionsEnabled") != "false",
            Namespace = Text(properties, "Namespace"),
            MetricName = Text(properties, "MetricName"),
            Statistic = Text(properties, "Statistic"),
            Dimensions =
            [
                .. (properties["Dimensions"] as JsonArray ?? []).Select(one => new Dimension
                {
                    Name = Text(one!.AsObject(), "Name"),
                    Value = Text(one.AsObject(), "Value"),
                }),
            ],
            Period = (int)Number(properties, "Period"),
            EvaluationPeriods = (int)Number(properties, "EvaluationPeriods"),
            DatapointsToAlarm = properties.ContainsKey("DatapointsToAlarm") ? (int)Number(properties, "DatapointsToAlarm") : null,
            Threshold = Number(properties, "Threshold"),
            ComparisonOperator = Text(properties, "ComparisonOperator"),
            TreatMissingData = Text(properties, "TreatMissingData") ?? "missing",
        };
        Judge(account, region, alarm);
        return alarm;
    }

    /// <summary>The state, and since when it is so: at each minute the last periods that were complete then.</summary>
    private void Judge(string account, string region, MetricAlarm alarm)
    {
        var now = MetricStore.Minute(world.Now);
        var minutes = Math.Max(1, alarm.Period!.Value / SecondsOfMinute);
        var values = metrics.Values(
            account,
            region,
            new MetricId(
                alarm.Namespace,
                alarm.MetricName,
                new SortedDictionary<string, string>(
                    alarm.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Value, StringComparer.Ordinal),
                    StringComparer.Ordinal
                )
            ),
            now - Lookback - ((long)minutes * alarm.EvaluationPeriods!.Value),
            now
        );
        var state = At(now);
        var since = now;
        while (since > now - Lookback && At(since - 1) == state)
        {
            since--;
        }

        alarm.StateValue = state;
        alarm.StateUpdatedTimestamp = DateTimeOffset.FromUnixTimeSeconds(since * SecondsOfMinute).UtcDateTime;
        alarm.StateTransitionedTimestamp = alarm.StateUpdatedTimestamp;
        alarm.StateReason = Reason(alarm, Points(now));

        StateValue At(long minute) => State(alarm, Points(minute));

        List<double?> Points(long minute) =>
            [
                .. Enumerable
                    .Range(1, alarm.EvaluationPeriods.Value)
                    .Select(back => Point(alarm, values, minute - ((long)back * minutes), minutes)),
            ];
    }

    private static double? Point(MetricAlarm alarm, SortedDictionary<long, MetricValues> values, long from, int minutes)
    {
        MetricValues? all = null;
        for (var minute = from; minute < from + minutes; minute++)
        {
            if (values.TryGetValue(minute, out var one))
            {
                all = all?.With(one) ?? one;
            }
        }

        return all is null ? null : CloudWatchService.Statistic(alarm.Statistic.Value, all);
    }

    private static StateValue State(MetricAlarm alarm, List<double?> points)
    {
        var present = points.Where(point => point is not null).ToList();
        if (present.Count == 0 && alarm.TreatMissingData is "missing" or "ignore")
        {
            return StateValue.INSUFFICIENT_DATA;
        }

        var breaching = present.Count(point => Crosses(alarm, point!.Value));
        var missing = alarm.TreatMissingData == "breaching" ? points.Count - present.Count : 0;
        return breaching + missing >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods!.Value) ? StateValue.ALARM : StateValue.OK;
    }

    private static bool Crosses(MetricAlarm alarm, double value) =>
        alarm.ComparisonOperator.Value switch
        {
            "GreaterThanThreshold" => value > alarm.Threshold,
            "GreaterThanOrEqualToThreshold" => value >= alarm.Threshold,
            "LessThanThreshold" => value < alarm.Threshold,
            "LessThanOrEqualToThreshold" => value <= alarm.Threshold,
            var other => throw new Wire.ApiException(
                "ValidationError",
                $"The rehearsal does not simulate the ComparisonOperator {other} of the alarm {alarm.AlarmName}."
            ),
        };

    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html has sample reasons.
    /// </remarks>
    private static string Reason(MetricAlarm alarm, List<double?> points)
    {
        var present = points.Where(point => point is not null).Select(point => point!.Value).ToList();
        var what =
            present.Count == 0
                ? $"no datapoints were received for {points.Count} periods"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{present.Count(point => Crosses(alarm, point))} out of the last {points.Count} datapoints "
                )
                    + string.Create(
                        CultureInfo.InvariantCulture,
                        $"[{string.Join(", ", present)}] crossed the threshold ({alarm.Threshold:0.0})"
                    );
        return alarm.StateValue == StateValue.INSUFFICIENT_DATA ? "Insufficient Data: no datapoints were received."
            : alarm.StateValue == StateValue.ALARM ? $"Threshold Crossed: {what}."
            : $"Threshold not crossed: {what}.";
    }

    private static string? Text(JsonObject properties, string name) => properties[name]?.ToString();

    private static double Number(JsonObject properties, string name) =>
        double.Parse(properties[name]!.ToString(), CultureInfo.InvariantCulture);
}
