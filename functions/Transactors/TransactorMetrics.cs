using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Transactors;

/// <summary>What transactors publish in CloudWatch; no metric names the task.</summary>
/// <remarks>
/// https://docs.datomic.com/operation/monitoring.html has the metrics; their namespace and dimension are those of public Terraform modules,
/// as in <c>templates/transactor.yaml</c>.
/// </remarks>
/// <param name="account">The target's account.</param>
/// <param name="transactor">The transactor's name.</param>
internal sealed class TransactorMetrics(TargetAccount account, string transactor)
{
    private const int Minute = 60;

    // Far enough ahead that nothing lies behind it; nothing here reads a clock.
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(1);

    /// <summary>The values by minute since a moment, oldest first.</summary>
    /// <param name="metric">The metric's name.</param>
    /// <param name="statistic">Such as <c>Sum</c>.</param>
    /// <param name="since">The moment.</param>
    /// <param name="until">Another one, where values after it do not count.</param>
    public async Task<IReadOnlyList<double>> Read(string metric, string statistic, DateTime since, DateTime? until = null)
    {
        var read = await account.CloudWatch.GetMetricDataAsync(
            new GetMetricDataRequest
            {
                StartTime = since,
                EndTime = until ?? since + Ahead,
                ScanBy = ScanBy.TimestampAscending,
                MetricDataQueries =
                [
                    new MetricDataQuery
                    {
                        Id = "m0",
                        MetricStat = new MetricStat
                        {
                            Metric = new Metric
                            {
                                Namespace = "Datomic",
                                MetricName = metric,
                                Dimensions = [new Dimension { Name = "Transactor", Value = transactor }],
                            },
                            Period = Minute,
                            Stat = statistic,
                        },
                    },
                ],
            }
        );
        return read.MetricDataResults is [{ Values: { } values }, ..] ? values : [];
    }
}
