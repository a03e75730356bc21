using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.CloudWatch;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Datomic.Nodes;

/// <summary>What goes wrong with a process, as its metrics show it.</summary>
internal sealed record NodeTrouble(bool LowMemory, bool Throttled);

/// <summary>
/// The metrics of Datomic's processes, a value each minute. A process puts its first ones with its node's permissions; the later ones
/// follow from those. One that may not put any publishes none.
/// </summary>
/// <remarks>
/// https://docs.datomic.com/operation/monitoring-cloud.html#metrics: the namespace is DatomicCloud, the dimensions are the system's and the
/// compute stack's names. How the dimensions themselves are named is not documented; these names are chosen.
/// </remarks>
internal sealed class NodeMetrics : IMetricSource
{
    private const string Namespace = "DatomicCloud";
    private const string FreeMemory = "JvmFreeMb";
    private static readonly string[] Throttles = ["HttpDirectThrottled", "HttpEndpointThrottled"];

    // Chosen: a node with a heap of some gigabytes, of which garbage takes a part until it is collected.
    private const int FreeAtStart = 3000;
    private const int FreeWhenLow = 200;
    private const int TurnedAway = 7;

    /// <summary>Trouble shows two minutes after the start.</summary>
    private const int Healthy = 2;

    private readonly RehearsalWorld _world;
    private readonly ScalingGroups _scaling;
    private readonly Table<Process> _processes;

    /// <summary>The metrics of a world's nodes.</summary>
    public NodeMetrics(RehearsalWorld world, ScalingGroups scaling, MetricStore metrics)
    {
        (_world, _scaling) = (world, scaling);
        _processes = world.Store.Table<Process>("datomic/processes");
        metrics.Register(this);
    }

    /// <summary>A process serves.</summary>
    public void Started(NodeProcess node, NodeTrouble trouble)
    {
        var process = new Process(node, MetricStore.Minute(_world.Now), trouble);
        var key = RegionalKey.Create(node.Account, node.Region, node.InstanceId);
        try
        {
            _world.Api.Invoke<PutMetricDataResponse>(
                node.Principal,
                node.Region,
                new PutMetricDataRequest
                {
                    Namespace = Namespace,
                    MetricData =
                    [
                        .. Values(process, process.Start)
                            .Select(value => new MetricDatum
                            {
                                MetricName = value.Name,
                                Dimensions =
                                [
                                    .. Dimensions(node)
                                        .Select(dimension => new Dimension { Name = dimension.Key, Value = dimension.Value }),
                                ],
                                Timestamp = _world.Now.UtcDateTime,
                                Value = value.Value,
                                Unit = value.Name == FreeMemory ? StandardUnit.Megabytes : StandardUnit.Count,
                            }),
                    ],
                }
            );
            _processes.Put(key, process);
        }
        catch (ApiException exception) when (exception.Code == "AccessDeniedException")
        {
            _processes.Remove(key);
        }
    }

    /// <inheritdoc/>
    IEnumerable<(MetricId Metric, long Minute, double Value)> IMetricSource.Values(string account, string region, long from, long to)
    {
        var living = _scaling
            .All(account, region)
            .SelectMany(group => group.Instances)
            .Select(instance => instance.Id)
            .ToHashSet(StringComparer.Ordinal);
        foreach (
            var process in _processes
                .WithPrefix(RegionalKey.Prefix(account, region))
                .Select(entry => entry.Value)
                .Where(process => living.Contains(process.Node.InstanceId))
        )
        {
            for (var minute = Math.Max(from, process.Start + 1); minute < to; minute++)
            {
                foreach (var (name, value) in Values(process, minute))
                {
                    yield return (new MetricId(Namespace, name, Dimensions(process.Node)), minute, value);
                }
            }
        }
    }

    private static IEnumerable<(string Name, double Value)> Values(Process process, long minute)
    {
        var troubled = minute - process.Start >= Healthy;
        yield return (
            FreeMemory,
            troubled && process.Trouble.LowMemory ? FreeWhenLow : FreeAtStart - (100 * ((minute - process.Start) % 5))
        );
        foreach (var throttle in Throttles)
        {
            yield return (throttle, troubled && process.Trouble.Throttled ? TurnedAway : 0);
        }
    }

    private static SortedDictionary<string, string> Dimensions(NodeProcess node) =>
        new(StringComparer.Ordinal) { ["Group"] = node.Group, ["System"] = node.System };

    private sealed record Process(NodeProcess Node, long Start, NodeTrouble Trouble);
}
