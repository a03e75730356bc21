using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Networks, endpoints and load balancers of which only the record is kept.</summary>
internal static class RecordedNetwork
{
    public static IEnumerable<RecordedType> Types =>
        [
            Ec2(
                "VPC",
                "vpc",
                ("CreateVpc", "ModifyVpcAttribute", "DeleteVpc"),
                (call, id) =>
                    Identity(
                        id,
                        ("VpcId", id),
                        ("CidrBlock", call.Properties.Text("CidrBlock") ?? ""),
                        ("DefaultSecurityGroup", Id(call, "sg")),
                        ("DefaultNetworkAcl", Id(call, "acl"))
                    )
            ),
            Ec2(
                "Subnet",
                "subnet",
                ("CreateSubnet", "ModifySubnetAttribute", "DeleteSubnet"),
                (call, id) =>
                    Identity(
                        id,
                        ("SubnetId", id),
                        ("VpcId", call.Properties.Required("VpcId")),
                        ("CidrBlock", call.Properties.Text("CidrBlock") ?? ""),
                        ("AvailabilityZone", call.Properties.Text("AvailabilityZone") ?? call.Region + "a")
                    )
            ),
            Ec2(
                "SecurityGroup",
                "sg",
                ("CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "DeleteSecurityGroup"),
                (call, id) => Identity(id, ("GroupId", id), ("Id", id), ("VpcId", call.Properties.Text("VpcId") ?? ""))
            ),
            Ec2(
                "SecurityGroupIngress",
                "sgr",
                ("AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"),
                (_, id) => Identity(id, ("Id", id))
            ),
            Ec2("RouteTable", "rtb", ("CreateRouteTable", "CreateTags", "DeleteRouteTable"), (_, id) => Identity(id, ("RouteTableId", id))),
            Ec2(
                "SubnetRouteTableAssociation",
                "rtbassoc",
                ("AssociateRouteTable", "ReplaceRouteTableAssociation", "DisassociateRouteTable"),
                (_, id) => Identity(id, ("Id", id))
            ),
            new(
                "AWS::EC2::VPCEndpointServicePermissions",
                "ec2",
                ("ModifyVpcEndpointServicePermissions", "ModifyVpcEndpointServicePermissions", "ModifyVpcEndpointServicePermissions"),
                call => Identity(call.Properties.Required("ServiceId"))
            ),
            Balancing("LoadBalancer", ("CreateLoadBalancer", "ModifyLoadBalancerAttributes", "DeleteLoadBalancer"), Balancer) with
            {
                Takes = call => call.Action == StepAction.Create ? Durations.LoadBalancerInStack : Durations.Resource,
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
                    var arn =
                        $"{call.Properties.Required("LoadBalancerArn").Replace(":loadbalancer/", ":listener/", StringComparison.Ordinal)}/{call.World.Random.HexId(16)}";
                    return Identity(arn, ("ListenerArn", arn));
                }
            ),
        ];

    private static RecordedType Ec2(
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
                $"{isInternal}{name}-{call.World.Random.HexId(8)}.{(kind == "net" ? "elb." + call.Region : call.Region + ".elb")}.amazonaws.com"
            ),
            ("CanonicalHostedZoneID", kind == "net" ? "Z26RNL4JYFTOTI" : "Z35SXDOTRQ7X7K"),
            ("SecurityGroups", new JsonArray([.. call.Properties.Texts("SecurityGroups").Select(group => (JsonNode)group)]))
        );
    }
}
