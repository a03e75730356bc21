namespace Deployer.Rehearsal.CloudWatch;

/// <summary>A metric: a name in a namespace, with dimensions in the order of their names.</summary>
public sealed record MetricId(string Namespace, string Name, SortedDictionary<string, string> Dimensions)
{
    /// <summary>Unique in an account and region.</summary>
    public string Key => $"{Namespace}\n{Name}\n{string.Join('\n', Dimensions.Select(dimension => $"{dimension.Key}\t{dimension.Value}"))}";
}

/// <summary>The values of a metric in a minute or more.</summary>
public sealed record MetricValues(double Count, double Sum, double Minimum, double Maximum)
{
    /// <summary>One value.</summary>
    public static MetricValues Single(double value) => new(1, value, value, value);

    /// <summary>Both together.</summary>
    public MetricValues With(MetricValues other) =>
        new(Count + other.Count, Sum + other.Sum, Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
}

/// <summary>What was put of a metric. Kept in the table <c>cloudwatch/metrics</c>.</summary>
public sealed record MetricSeries(MetricId Id)
{
    /// <summary>The values by minute since 1970.</summary>
    public SortedDictionary<long, MetricValues> Minutes { get; init; } = [];
}
