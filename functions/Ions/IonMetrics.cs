using System.Globalization;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ions;

/// <summary>A metric's value in the minute that begins at a time.</summary>
public sealed record MetricValue(DateTime Time, double Value);

/// <summary>What the nodes of a compute group publish in CloudWatch.</summary>
/// <remarks>
/// https://docs.datomic.com/operation/monitoring-cloud.html#metrics: the namespace is DatomicCloud, "dimensions are your system name and
/// your compute stack name". The dimensions' own names are not documented, so they are found by their values.
/// </remarks>
/// <param name="cloudWatch">The account's CloudWatch.</param>
/// <param name="system">The Datomic system.</param>
/// <param name="group">The compute group.</param>
public sealed class IonMetrics(IAmazonCloudWatch cloudWatch, string system, string group)
{
    /// <summary>The namespace of Datomic's metrics.</summary>
    public const string Namespace = "DatomicCloud";

    private const int Minute = 60;

    /// <summary>The values by minute, oldest first, of each metric of this name that is the group's and has any.</summary>
    /// <param name="name">The metric's name.</param>
    /// <param name="statistic">Such as <c>Minimum</c>: over all nodes and over a minute.</param>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The last moment; it may lie ahead, where there are no values yet.</param>
    public async Task<IReadOnlyList<IReadOnlyList<MetricValue>>> Read(string name, string statistic, DateTime from, DateTime to)
    {
        var metrics = await Find(name);
        if (metrics.Count == 0)
        {
            return [];
        }

        var results = await Pages.All(
            next =>
                cloudWatch.GetMetricDataAsync(
                    new GetMetricDataRequest
                    {
                        StartTime = from,
                        EndTime = to,
                        ScanBy = ScanBy.TimestampAscending,
                        MetricDataQueries =
                        [
                            .. metrics.Select(
                                (metric, number) =>
                                    new MetricDataQuery
                                    {
                                        Id = $"m{number}",
                                        MetricStat = new MetricStat
                                        {
                                            Metric = metric,
                                            Period = Minute,
                                            Stat = statistic,
                                        },
                                    }
                            ),
                        ],
                        NextToken = next,
                    }
                ),
            answer => answer.MetricDataResults,
            answer => answer.NextToken
        );
        var values = metrics.ConvertAll(_ => new List<MetricValue>());
        foreach (var result in results)
        {
            values[int.Parse(result.Id.AsSpan(1), CultureInfo.InvariantCulture)]
                .AddRange(
                    (result.Timestamps ?? []).Zip(result.Values ?? [], (time, value) => new MetricValue(time.ToUniversalTime(), value))
                );
        }

        return [.. values.Where(series => series.Count > 0)];
    }

    /// <summary>Whether the group has put a metric of this name within two weeks, which is how long CloudWatch lists it.</summary>
    /// <param name="name">The metric's name.</param>
    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html</remarks>
    public async Task<bool> Has(string name) => (await Find(name)).Count > 0;

    private async Task<List<Metric>> Find(string name)
    {
        return await Pages.All(
            next =>
                cloudWatch.ListMetricsAsync(
                    new ListMetricsRequest
                    {
                        Namespace = Namespace,
                        MetricName = name,
                        NextToken = next,
                    }
                ),
            answer => answer.Metrics?.Where(IsOfGroup),
            answer => answer.NextToken
        );
    }

    private bool IsOfGroup(Metric metric)
    {
        var values = (metric.Dimensions ?? []).ConvertAll(dimension => dimension.Value);
        return values.Contains(system) && values.Contains(group);
    }
}
