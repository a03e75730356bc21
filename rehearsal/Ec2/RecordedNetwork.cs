using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Rules;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ec2;

/// <summary>Networks and load balancers of which only the record is kept.</summary>
internal sealed class RecordedNetwork(Networks networks, LoadBalancers balancers) : IResourceTypeGroup
{
    /// <summary>The types; subnets and load balancers are also put where the services that read them find them.</summary>
    public IEnumerable<IResourceType> Types =>
        [
            Network(
                "VPC",
                "vpc",
                ("CreateVpc", "ModifyVpcAttribute", "DeleteVpc"),
                (call, id) =>
                    Identity(
                        id,
                        ("VpcId", id),
                        ("CidrBlock", call.Properties.Text("CidrBlock") ?? string.Empty),
                        ("DefaultSecurityGroup", Id(call, "sg")),
                        ("DefaultNetworkAcl", Id(call, "acl"))
                    )
            ) with
            {
                ReadAction = "DescribeVpcs",
            },
            Network(
                "Subnet",
                "subnet",
                ("CreateSubnet", "ModifySubnetAttribute", "DeleteSubnet"),
                (call, id) =>
                {
                    var zone = call.Properties.Text("AvailabilityZone") ?? call.Region + "a";
                    CheckSubnet(call);
                    if (zone.Length != call.Region.Length + 1 || zone[..^1] != call.Region || zone[^1] is < 'a' or > LastZone)
                    {
                        throw new ApiException(
                            "InvalidParameterValue",
                            $"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the "
                                + $"following availability zones: {string.Join(", ", "abc".Select(letter => call.Region + letter))}."
                        );
                    }

                    return Identity(
                        id,
                        ("SubnetId", id),
                        ("VpcId", call.Properties.Required("VpcId")),
                        ("CidrBlock", call.Properties.Text("CidrBlock") ?? string.Empty),
                        ("AvailabilityZone", zone),
                        ("AvailabilityZoneId", call.Properties.Text("AvailabilityZoneId") ?? Networks.ZoneId(zone))
                    );
                }
            ) with
            {
                ReadAction = "DescribeSubnets",
                Written = (call, identity) => networks.Put(call.Account, call.Region, Subnet(call, identity)),
                Deleted = call => networks.Remove(call.Account, call.Region, call.Current!.PhysicalId!),
            },
            Network(
                "SecurityGroup",
                "sg",
                ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "DeleteSecurityGroup"),
                (call, id) => Identity(id, ("GroupId", id), ("Id", id), ("VpcId", call.Properties.Text("VpcId") ?? ""))
            ) with
            {
                ReadAction = "DescribeSecurityGroups",
            },
            Network(
                "SecurityGroupIngress",
                "sgr",
                ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
                (_, id) => Identity(id, ("Id", id))
            ),
            Network(
                "RouteTable",
                "rtb",
                ("CreateRouteTable", "CreateTags", "DeleteRouteTable"),
                (_, id) => Identity(id, ("RouteTableId", id))
            ) with
            {
                ReadAction = "DescribeRouteTables",
            },
            Network(
                "SubnetRouteTableAssociation",
                "rtbassoc",
                ("AssociateRouteTable", "ReplaceRouteTableAssociation", "DisassociateRouteTable"),
                (_, id) => Identity(id, ("Id", id))
            ),
            new RecordedType(
                "AWS::EC2::VPCEndpointServicePermissions",
                "ec2",
                ("ModifyVpcEndpointServicePermissions", "ModifyVpcEndpointServicePermissions", "ModifyVpcEndpointServicePermissions"),
                call => Identity(call.Properties.Required("ServiceId"))
            ),
            Balancing("LoadBalancer", ("CreateLoadBalancer", "ModifyLoadBalancerAttributes", "DeleteLoadBalancer"), Balancer) with
            {
                ReadAction = "DescribeLoadBalancers",
                Takes = call => call.Action == StepAction.Create ? Durations.LoadBalancerInStack : Durations.Resource,
                Written = (call, identity) => balancers.Put(call.Account, call.Region, Balancer(call, identity, networks)),
                Deleted = call =>
                    balancers.Remove(call.Account, call.Region, call.Current!.Attributes["LoadBalancerName"].GetValue<string>()),
            },
            Balancing(
                "TargetGroup",
                ("CreateTargetGroup", "ModifyTargetGroup", "DeleteTargetGroup"),
                call =>
                {
                    var name = call.NameFrom("Name", 32);
                    var full = $"targetgroup/{name}/{call.World.Random.HexId(16)}";
                    var arn = call.Arn("elasticloadbalancing", full);
                    return Identity(arn, ("TargetGroupArn", arn), ("TargetGroupName", name), ("TargetGroupFullName", full));
                }
            ),
            Balancing(
                "Listener",
                ("CreateListener", "ModifyListener", "DeleteListener"),
                call =>
                {
                    var balancer = call.Properties.Required("LoadBalancerArn");
                    var prefix = balancer.Replace(":loadbalancer/", ":listener/", StringComparison.Ordinal);
                    var arn = $"{prefix}/{call.World.Random.HexId(16)}";
                    return Identity(arn, ("ListenerArn", arn));
                }
            ) with
            {
                ReadAction = "DescribeListeners",
            },
        ];

    // us-east-1 has the most: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
    private const char LastZone = 'f';

    private static RecordedType Network(
        string name,
        string prefix,
        (string Create, string Update, string Delete) actions,
        Func<ResourceCall, string, ResourceIdentity> identify
    ) => new($"AWS::EC2::{name}", "ec2", actions, call => identify(call, Id(call, prefix))) { Takes = _ => Durations.NetworkInStack };

    private static RecordedType Balancing(
        string name,
        (string Create, string Update, string Delete) actions,
        Func<ResourceCall, ResourceIdentity> identify
    ) => new($"AWS::ElasticLoadBalancingV2::{name}", "elasticloadbalancing", actions, identify) { Arn = (_, id) => id };

    /// <summary>
    /// A subnet lies within its VPC and has no address of another one
    /// (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html; the errors are in
    /// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html).
    /// </summary>
    private void CheckSubnet(ResourceCall call)
    {
        var vpc = call.Properties.Required("VpcId");
        if (IpBlock.Read(call.Properties.Text("CidrBlock") ?? string.Empty) is not { } block || call.Action != StepAction.Create)
        {
            return;
        }

        // A VPC that no stack has made is one of before the rehearsal, of which nothing is known.
        var blocks = Blocks(call, vpc);
        if (blocks.Count > 0 && !blocks.Exists(known => known.Holds(block)))
        {
            throw new ApiException("InvalidSubnet.Range", $"The CIDR '{call.Properties.Text("CidrBlock")}' is invalid.");
        }

        if (
            networks
                .Subnets(call.Account, call.Region)
                .Any(other => other.VpcId == vpc && IpBlock.Read(other.CidrBlock) is { } taken && taken.Overlaps(block))
        )
        {
            throw new ApiException(
                "InvalidSubnet.Conflict",
                $"The CIDR '{call.Properties.Text("CidrBlock")}' conflicts with another subnet"
            );
        }
    }

    private static List<IpBlock> Blocks(ResourceCall call, string vpc)
    {
        var resources = call.World.Store.Table<RecordedResource>("resources");
        var first = resources.Get(RegionalKey.Create(call.Account, call.Region, "AWS::EC2::VPC", vpc));
        var further = resources
            .WithPrefix(RegionalKey.Create(call.Account, call.Region, "AWS::EC2::VPCCidrBlock", string.Empty))
            .Select(entry => entry.Value)
            .Where(resource => resource.Properties.Text("VpcId") == vpc);
        return
        [
            .. new[] { first }
                .OfType<RecordedResource>()
                .Concat(further)
                .Select(resource => IpBlock.Read(resource.Properties.Text("CidrBlock") ?? string.Empty))
                .OfType<IpBlock>(),
        ];
    }

    private static string Id(ResourceCall call, string prefix) => $"{prefix}-0{call.World.Random.HexId(16)}";

    private static ResourceIdentity Balancer(ResourceCall call)
    {
        var kind = call.Properties.Text("Type") == "network" ? "net" : "app";
        var name = call.NameFrom("Name", 32);
        var full = $"{kind}/{name}/{call.World.Random.HexId(16)}";
        var arn = call.Arn("elasticloadbalancing", $"loadbalancer/{full}");
        var isInternal = call.Properties.Text("Scheme") == "internal" ? "internal-" : "";
        return Identity(
            arn,
            ("LoadBalancerArn", arn),
            ("LoadBalancerFullName", full),
            ("LoadBalancerName", name),
            (
                "DNSName",
                $"{isInternal}{name}-{call.World.Random.HexId(8)}.{(kind == "net" ? "elb." + call.Region : call.Region + ".elb")}"
                    + ".amazonaws.com"
            ),
            ("CanonicalHostedZoneID", kind == "net" ? "Z26RNL4JYFTOTI" : "Z35SXDOTRQ7X7K"),
            ("SecurityGroups", new JsonArray([.. call.Properties.Texts("SecurityGroups").Select(group => (JsonNode)group)]))
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
