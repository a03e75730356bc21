using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudWatch;

/// <summary>The simulated CloudWatch: metrics that are put and read again, and the states of alarms.</summary>
public sealed class CloudWatchService : ModelService
{
    private const int PageSize = 500;
    private readonly RehearsalWorld _world;
    private readonly MetricStore _metrics;
    private readonly Alarms _alarms;

    /// <summary>The service over a world's metrics.</summary>
    public CloudWatchService(RehearsalWorld world, MetricStore metrics)
        : base(CloudWatchModel.Service)
    {
        (_world, _metrics, _alarms) = (world, metrics, new Alarms(world, metrics));
        On<PutMetricDataRequest, PutMetricDataResponse>("PutMetricData", PutMetricData, (_, _) => ["*"]);
        On<ListMetricsRequest, ListMetricsResponse>("ListMetrics", ListMetrics, (_, _) => ["*"]);
        On<GetMetricDataRequest, GetMetricDataResponse>("GetMetricData", GetMetricData, (_, _) => ["*"]);
        On<DescribeAlarmsRequest, DescribeAlarmsResponse>(
            "DescribeAlarms",
            DescribeAlarms,
            (call, request) => (request.AlarmNames ?? ["*"]).Select(name => $"arn:aws:cloudwatch:{call.Region}:{call.Account}:alarm:{name}")
        );
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html</remarks>
    private DescribeAlarmsResponse DescribeAlarms(Call call, DescribeAlarmsRequest request)
    {
        SimulatedMembers.Only(request, "AlarmNames", "AlarmNamePrefix", "StateValue");
        return new DescribeAlarmsResponse
        {
            MetricAlarms =
            [
                .. _alarms
                    .All(call.Account, call.Region)
                    .Where(alarm =>
                        request.AlarmNames?.Contains(alarm.AlarmName) != false
                        && alarm.AlarmName.StartsWith(request.AlarmNamePrefix ?? string.Empty, StringComparison.Ordinal)
                        && (request.StateValue is null || request.StateValue == alarm.StateValue)
                    ),
            ],
            CompositeAlarms = [],
        };
    }

    private PutMetricDataResponse PutMetricData(Call call, PutMetricDataRequest request)
    {
        SimulatedMembers.Only(request, "Namespace", "MetricData");
        foreach (var datum in request.MetricData ?? [])
        {
            SimulatedMembers.Only(datum, "MetricName", "Dimensions", "Timestamp", "Value", "Unit");
        }

        foreach (var datum in request.MetricData ?? [])
        {
            var at = datum.Timestamp is { } time ? new DateTimeOffset(time.ToUniversalTime()) : _world.Now;
            var value = datum.Value ?? throw new InvalidParameterCombinationException("At least one of the parameters must be specified.");
            _metrics.Put(
                call.Account,
                call.Region,
                Id(request.Namespace, datum.MetricName, datum.Dimensions),
                MetricStore.Minute(at),
                MetricValues.Single(value)
            );
        }

        return new PutMetricDataResponse();
    }

    private ListMetricsResponse ListMetrics(Call call, ListMetricsRequest request)
    {
        SimulatedMembers.Only(request, "Namespace", "MetricName", "NextToken");
        var (page, next) = Pages.ByPlace(
            _metrics
                .Metrics(call.Account, call.Region)
                .Where(metric =>
                    (request.Namespace is null || metric.Namespace == request.Namespace)
                    && (request.MetricName is null || metric.Name == request.MetricName)
                ),
            request.NextToken,
            PageSize,
            () => new InvalidParameterValueException("The value of the parameter NextToken is not valid.")
        );
        return new ListMetricsResponse
        {
            Metrics =
            [
                .. page.Select(metric => new Metric
                {
                    Namespace = metric.Namespace,
                    MetricName = metric.Name,
                    Dimensions =
                    [
                        .. metric.Dimensions.Select(dimension => new Dimension { Name = dimension.Key, Value = dimension.Value }),
                    ],
                }),
            ],
            NextToken = next,
        };
    }

    private GetMetricDataResponse GetMetricData(Call call, GetMetricDataRequest request)
    {
        SimulatedMembers.Only(request, "MetricDataQueries", "StartTime", "EndTime", "ScanBy");
        if (request.StartTime >= request.EndTime)
        {
            throw new ApiException("ValidationError", "The parameter StartTime must be less than the parameter EndTime.");
        }

        return new GetMetricDataResponse
        {
            MetricDataResults = [.. (request.MetricDataQueries ?? []).Select(query => Result(call, request, query))],
        };
    }

    private MetricDataResult Result(Call call, GetMetricDataRequest request, MetricDataQuery query)
    {
        SimulatedMembers.Only(query, "Id", "MetricStat");
        SimulatedMembers.Only(query.MetricStat, "Metric", "Period", "Stat");
        var stat = query.MetricStat ?? throw new MissingRequiredParameterException("The parameter MetricStat is required.");
        var minutes =
            stat.Period is > 0 and var period && period % 60 == 0
                ? period / 60
                : throw new ApiException("ValidationException", "The rehearsal does not simulate a Period that is not a multiple of 60.");
        var id = Id(stat.Metric.Namespace, stat.Metric.MetricName, stat.Metric.Dimensions);
        var values = _metrics
            .Values(call.Account, call.Region, id, MetricStore.Minute(Utc(request.StartTime)), MetricStore.Minute(Utc(request.EndTime)))
            .GroupBy(minute => minute.Key / minutes * minutes, minute => minute.Value)
            .Select(group => (Minute: group.Key, Value: Statistic(stat.Stat, group.Aggregate((all, one) => all.With(one)))))
            .ToList();
        if (request.ScanBy != ScanBy.TimestampAscending)
        {
            values.Reverse();
        }

        return new MetricDataResult
        {
            Id = query.Id,
            Label = id.Name,
            StatusCode = StatusCode.Complete,
            Timestamps = [.. values.Select(value => DateTimeOffset.FromUnixTimeSeconds(value.Minute * 60).UtcDateTime)],
            Values = [.. values.Select(value => value.Value)],
        };
    }

    /// <summary>A statistic of values.</summary>
    /// <exception cref="ApiException">It is a percentile or another one that is not simulated.</exception>
    internal static double Statistic(string name, MetricValues values) =>
        name switch
        {
            "SampleCount" => values.Count,
            "Sum" => values.Sum,
            "Average" => values.Sum / values.Count,
            "Minimum" => values.Minimum,
            "Maximum" => values.Maximum,
            _ => throw new ApiException("ValidationException", $"The rehearsal does not simulate the statistic {name}."),
        };

    private static DateTimeOffset Utc(DateTime? time) =>
        new((time ?? throw new MissingRequiredParameterException("The parameters StartTime and EndTime are required.")).ToUniversalTime());

    private static MetricId Id(string space, string name, IEnumerable<Dimension>? dimensions)
    {
        var named = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var dimension in dimensions ?? [])
        {
            if (!named.TryAdd(dimension.Name, dimension.Value))
            {
                throw new InvalidParameterValueException($"The dimension {dimension.Name} is given twice.");
            }
        }

        return new MetricId(space, name, named);
    }
}
