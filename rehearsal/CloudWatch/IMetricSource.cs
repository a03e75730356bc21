namespace Deployer.Rehearsal.CloudWatch;

/// <summary>
/// Something that publishes a value each minute for as long as it runs. Its values follow from when it began, so that simulated time can
/// stand still while nothing else happens.
/// </summary>
public interface IMetricSource
{
    /// <summary>The values of an account and region from one minute since 1970 to before another one.</summary>
    IEnumerable<(MetricId Metric, long Minute, double Value)> Values(string account, string region, long from, long to);
}
