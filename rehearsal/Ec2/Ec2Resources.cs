using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ec2;

/// <summary>The resource types of networks that are played, not only recorded.</summary>
public static class Ec2Resources
{
    /// <summary>Hands them to CloudFormation.</summary>
    public static void Register(ResourceTypeCatalogue types, RehearsalWorld world, VpcEndpoints endpoints)
    {
        var networks = new Networks(world);
        var balancers = new LoadBalancers(world);
        types.Use(new VpcEndpointResource(endpoints));
        types.Use(new VpcEndpointServiceResource(endpoints));
        types.Use(new LaunchTemplateResource(new LaunchTemplates(world)));
        types.Use(
            new ObservedType(
                types.Find("AWS::EC2::Subnet"),
                (call, identity) => networks.Put(call.Account, call.Region, Subnet(call, identity)),
                call => networks.Remove(call.Account, call.Region, call.Current!.PhysicalId!)
            )
        );
        types.Use(
            new ObservedType(
                types.Find("AWS::ElasticLoadBalancingV2::LoadBalancer"),
                (call, identity) => balancers.Put(call.Account, call.Region, Balancer(call, identity, networks)),
                call => balancers.Remove(call.Account, call.Region, call.Current!.Attributes["LoadBalancerName"].GetValue<string>())
            )
        );
    }

    private static Subnet Subnet(ResourceCall call, ResourceIdentity identity) =>
        new(
            identity.PhysicalId,
            call.Properties.Required("VpcId"),
            call.Properties.Text("CidrBlock") ?? string.Empty,
            identity.Attributes["AvailabilityZone"].GetValue<string>(),
            (call.Properties["Tags"] as JsonArray ?? [])
                .OfType<JsonObject>()
                .ToDictionary(tag => tag.Required("Key"), tag => tag.Required("Value"))
        );

    private static LoadBalancer Balancer(ResourceCall call, ResourceIdentity identity, Networks networks)
    {
        var subnets = call
            .Properties.Texts("Subnets")
            .Select(id => networks.Subnet(call.Account, call.Region, id))
            .OfType<Subnet>()
            .ToList();
        return new LoadBalancer(
            identity.Attributes["LoadBalancerName"].GetValue<string>(),
            identity.PhysicalId,
            call.Properties.Text("Type") ?? "application",
            identity.Attributes["DNSName"].GetValue<string>(),
            subnets.FirstOrDefault()?.VpcId,
            [.. subnets.Select(subnet => subnet.Zone).Distinct().Order(StringComparer.Ordinal)]
        );
    }
}
