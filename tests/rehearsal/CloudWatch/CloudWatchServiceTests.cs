using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.CloudWatch;

public sealed class CloudWatchServiceTests
{
    private static readonly DateTime Noon = new(2039, 12, 31, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task What_was_put_is_listed_and_read_by_statistic_and_period()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        await client.PutMetricDataAsync(
            new PutMetricDataRequest
            {
                Namespace = "N",
                MetricData = [Datum("M", 0, 3), Datum("M", 0, 5), Datum("M", 1, 10), Datum("Other", 0, 1)],
            }
        );

        (await client.ListMetricsAsync(new ListMetricsRequest { Namespace = "N" }))
            .Metrics.Select(metric => metric.MetricName)
            .ShouldBe(["M", "Other"]);
        (await client.ListMetricsAsync(new ListMetricsRequest { Namespace = "N", MetricName = "M" }))
            .Metrics.ShouldHaveSingleItem()
            .Dimensions.ShouldHaveSingleItem()
            .Value.ShouldBe("g");
        (await client.ListMetricsAsync(new ListMetricsRequest { Namespace = "Elsewhere" })).Metrics.ShouldBeEmpty();
        (await Read(client, "Minimum")).Values.ShouldBe([10, 3]);
        (await Read(client, "Minimum", ScanBy.TimestampAscending)).Timestamps.ShouldBe([Noon, Noon.AddMinutes(1)]);
        (await Read(client, "Maximum")).Values.ShouldBe([10, 5]);
        (await Read(client, "Average")).Values.ShouldBe([10, 4]);
        (await Read(client, "SampleCount")).Values.ShouldBe([1, 2]);
        (await Read(client, "Sum", period: 300)).Values.ShouldBe([18]);
    }

    [Fact]
    public async Task A_metric_of_other_dimensions_is_another_one()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        var datum = Datum("M", 0, 3);
        datum.Dimensions = [];
        await client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "N", MetricData = [datum] });

        (await Read(client, "Sum")).Values.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name()
    {
        await using var aws = await Start();
        using var client = Client(aws);
        await client.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "N", MetricData = [Datum("M", 0, 3)] });

        (await Should.ThrowAsync<AmazonCloudWatchException>(() => Read(client, "p99"))).Message.ShouldBe(
            "The rehearsal does not simulate the statistic p99."
        );
        (await Should.ThrowAsync<AmazonCloudWatchException>(() => Read(client, "Sum", period: 30))).Message.ShouldContain("Period");
        (
            await Should.ThrowAsync<AmazonCloudWatchException>(() =>
                client.ListMetricsAsync(new ListMetricsRequest { RecentlyActive = RecentlyActive.PT3H })
            )
        ).Message.ShouldContain("RecentlyActive");
        await Should.ThrowAsync<InvalidParameterValueException>(() =>
            client.PutMetricDataAsync(
                new PutMetricDataRequest
                {
                    Namespace = "N",
                    MetricData =
                    [
                        new MetricDatum
                        {
                            MetricName = "M",
                            Value = 1,
                            Dimensions = [new Dimension { Name = "G", Value = "a" }, new Dimension { Name = "G", Value = "b" }],
                        },
                    ],
                }
            )
        );
    }

    private static Task<TestAws> Start() => TestAws.Start(world => new CloudWatchService(world, new MetricStore(world)));

    private static AmazonCloudWatchClient Client(TestAws aws) =>
        new(TestAws.Root(TestAws.Tools), aws.Configure(new AmazonCloudWatchConfig()));

    private static MetricDatum Datum(string name, int minute, double value) =>
        new()
        {
            MetricName = name,
            Dimensions = [new Dimension { Name = "G", Value = "g" }],
            Timestamp = Noon.AddMinutes(minute),
            Value = value,
        };

    private static async Task<MetricDataResult> Read(
        AmazonCloudWatchClient client,
        string statistic,
        ScanBy? order = null,
        int period = 60
    ) =>
        (
            await client.GetMetricDataAsync(
                new GetMetricDataRequest
                {
                    StartTime = Noon,
                    EndTime = Noon.AddDays(2),
                    ScanBy = order,
                    MetricDataQueries =
                    [
                        new MetricDataQuery
                        {
                            Id = "m",
                            MetricStat = new MetricStat
                            {
                                Metric = new Metric
                                {
                                    Namespace = "N",
                                    MetricName = "M",
                                    Dimensions = [new Dimension { Name = "G", Value = "g" }],
                                },
                                Period = period,
                                Stat = statistic,
                            },
                        },
                    ],
                }
            )
        ).MetricDataResults.ShouldHaveSingleItem();
}
