using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.ElasticLoadBalancing;

/// <summary>A load balancer. Stored under "account/region/name".</summary>
/// <param name="Name">Unique in its account and region.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Type">application, network or gateway.</param>
/// <param name="DnsName">Where it answers.</param>
/// <param name="VpcId">The network of its subnets.</param>
/// <param name="Zones">The availability zones of its subnets.</param>
public sealed record LoadBalancer(string Name, string Arn, string Type, string DnsName, string? VpcId, IReadOnlyList<string> Zones);

/// <summary>The load balancers of all accounts. CloudFormation puts them here.</summary>
public sealed class LoadBalancers(RehearsalWorld world)
{
    private readonly Table<LoadBalancer> _balancers = world.Store.Table<LoadBalancer>("elasticloadbalancing/balancers");

    /// <summary>One by its ARN, or <see langword="null"/>.</summary>
    public LoadBalancer? Find(string account, string region, string arn) =>
        _balancers
            .WithPrefix(RegionalKey.Prefix(account, region))
            .Select(entry => entry.Value)
            .FirstOrDefault(balancer => balancer.Arn == arn);

    /// <summary>Adds or replaces one.</summary>
    public void Put(string account, string region, LoadBalancer balancer) =>
        _balancers.Put(RegionalKey.Create(account, region, balancer.Name), balancer);

    /// <summary>Removes one.</summary>
    public void Remove(string account, string region, string name) => _balancers.Remove(RegionalKey.Create(account, region, name));
}
