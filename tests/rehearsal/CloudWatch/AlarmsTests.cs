using System.Text.Json.Nodes;
using Amazon.CloudWatch;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CloudWatch;

/// <summary>
/// The states of alarms by https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html: how many of the last
/// periods are breaching, and what missing ones count as.
/// </summary>
public sealed class AlarmsTests
{
    private const string Account = "111111111111";
    private const string Region = "us-east-1";
    private const string Type = "AWS::CloudWatch::Alarm";

    [Theory]
    [InlineData("0 0 1", "GreaterThanThreshold", 1, "notBreaching", "ALARM")]
    [InlineData("0 0 0", "GreaterThanThreshold", 1, "notBreaching", "OK")]
    [InlineData("1 1 0", "GreaterThanThreshold", 1, "notBreaching", "OK")]
    [InlineData("0 1 1", "GreaterThanThreshold", 2, "notBreaching", "ALARM")]
    [InlineData("1 0 1", "GreaterThanThreshold", 2, "notBreaching", "OK")]
    [InlineData("0 0 0", "GreaterThanOrEqualToThreshold", 3, "notBreaching", "ALARM")]
    [InlineData("1 - -", "LessThanOrEqualToThreshold", 2, "breaching", "ALARM")]
    [InlineData("1 1 -", "LessThanOrEqualToThreshold", 2, "breaching", "OK")]
    [InlineData("- - -", "GreaterThanThreshold", 2, "notBreaching", "OK")]
    [InlineData("- - -", "GreaterThanThreshold", 2, "missing", "INSUFFICIENT_DATA")]
    [InlineData("- - -", "GreaterThanThreshold", 2, "ignore", "INSUFFICIENT_DATA")]
    public async Task The_last_periods_decide_and_missing_ones_count_as_is_said(
        string minutes,
        string comparison,
        int periods,
        string missing,
        string state
    )
    {
        var alarm = await Judge(minutes, comparison, periods, missing);

        alarm.StateValue.ShouldBe(new StateValue(state));
        alarm.AlarmArn.ShouldBe($"arn:aws:cloudwatch:{Region}:{Account}:alarm:orders-alarm");
    }

    [Fact]
    public async Task An_alarm_says_since_when_and_why_it_is_on()
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var now = MetricStore.Minute(world.Now);

        var alarm = await Judge("0 1 1 1", "GreaterThanThreshold", 1, "notBreaching", world);

        // The first minute above the threshold was complete two minutes ago.
        alarm.StateTransitionedTimestamp.ShouldBe(DateTimeOffset.FromUnixTimeSeconds((now - 2) * 60).UtcDateTime);
        alarm.StateReason.ShouldBe("Threshold Crossed: 1 out of the last 1 datapoints [1] crossed the threshold (0.0).");
    }

    private static async Task<Amazon.CloudWatch.Model.MetricAlarm> Judge(string minutes, string comparison, int periods, string missing)
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        return await Judge(minutes, comparison, periods, missing, world);
    }

    private static Task<Amazon.CloudWatch.Model.MetricAlarm> Judge(
        string minutes,
        string comparison,
        int periods,
        string missing,
        RehearsalWorld world
    ) =>
        world.Do(() =>
        {
            var metrics = new MetricStore(world);
            var values = minutes.Split(' ');
            for (var at = 0; at < values.Length; at++)
            {
                if (values[at] != "-")
                {
                    metrics.Put(
                        Account,
                        Region,
                        new MetricId("Datomic", "Alarm", new(StringComparer.Ordinal) { ["Transactor"] = "orders" }),
                        MetricStore.Minute(world.Now) - values.Length + at,
                        MetricValues.Single(double.Parse(values[at], System.Globalization.CultureInfo.InvariantCulture))
                    );
                }
            }

            world
                .Store.Table<RecordedResource>("resources")
                .Put(
                    RegionalKey.Create(Account, Region, Type, "orders-alarm"),
                    new RecordedResource(
                        Type,
                        "orders-alarm",
                        "stack",
                        "AlarmReported",
                        new JsonObject
                        {
                            ["Namespace"] = "Datomic",
                            ["MetricName"] = "Alarm",
                            ["Dimensions"] = new JsonArray(new JsonObject { ["Name"] = "Transactor", ["Value"] = "orders" }),
                            ["Statistic"] = "Sum",
                            ["Period"] = 60,
                            ["EvaluationPeriods"] = periods,
                            ["Threshold"] = 0,
                            ["ComparisonOperator"] = comparison,
                            ["TreatMissingData"] = missing,
                        },
                        []
                    )
                );
            return new Alarms(world, metrics).All(Account, Region).Single();
        });
}
