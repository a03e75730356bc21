using Amazon.ECS.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>The clusters of all accounts. They hold no instances: the rehearsal simulates Fargate.</summary>
public sealed class Clusters(RehearsalWorld world)
{
    /// <summary>The name of the cluster that is meant when none is named.</summary>
    public const string Default = "default";

    private readonly Table<ClusterRecord> _clusters = world.Store.VersionedTable<ClusterRecord>("ecs/clusters", cluster => cluster);

    /// <summary>A cluster by its name or ARN, or <see langword="null"/>.</summary>
    public ClusterRecord? Find(string account, string region, string? nameOrArn) =>
        _clusters.Get(RegionalKey.Create(account, region, NameOf(nameOrArn)));

    /// <summary>Adds a cluster; one that exists already stays as it is.</summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html</remarks>
    public ClusterRecord Create(
        string account,
        string region,
        string? name,
        IReadOnlyList<Tag> tags,
        IReadOnlyList<string>? providers = null,
        IReadOnlyList<CapacityProviderStrategyItem>? strategy = null
    )
    {
        var cluster =
            Find(account, region, name)
            ?? new ClusterRecord(account, region, NameOf(name), tags) { Providers = providers ?? [], DefaultStrategy = strategy ?? [] };
        _clusters.Put(RegionalKey.Create(account, region, cluster.Name), cluster);
        return cluster;
    }

    /// <summary>Writes a cluster that was changed.</summary>
    internal void Put(ClusterRecord cluster) => _clusters.Put(RegionalKey.Create(cluster.Account, cluster.Region, cluster.Name), cluster);

    /// <summary>Removes a cluster; its services are to be removed before.</summary>
    internal void Delete(ClusterRecord cluster) => _clusters.Remove(RegionalKey.Create(cluster.Account, cluster.Region, cluster.Name));

    /// <summary>The name in a name or an ARN.</summary>
    internal static string NameOf(string? nameOrArn) =>
        string.IsNullOrEmpty(nameOrArn) ? Default : nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];
}
