using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.EC2.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ec2;

/// <summary>AWS::EC2::VPCEndpoint, of type Interface: done when it is available, or waits for its service's owner.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html</remarks>
internal sealed class VpcEndpointResource(VpcEndpoints endpoints) : IResourceType
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Name => "AWS::EC2::VPCEndpoint";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.NetworkInStack;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var answer = call.World.Api.Invoke<CreateVpcEndpointResponse>(
            call.Principal,
            call.Region,
            new CreateVpcEndpointRequest
            {
                VpcEndpointType = call.Properties.Text("VpcEndpointType") ?? "Gateway",
                VpcId = call.Properties.Required("VpcId"),
                ServiceName = call.Properties.Required("ServiceName"),
                SubnetIds = [.. call.Properties.Texts("SubnetIds")],
                SecurityGroupIds = [.. call.Properties.Texts("SecurityGroupIds")],
                PrivateDnsEnabled = call.Properties.Flag("PrivateDnsEnabled") ?? false,
            }
        );
        return Known(endpoints.Find(call.Account, call.Region, answer.VpcEndpoint.VpcEndpointId)!);
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) =>
        throw new ApiException("InvalidRequest", "The rehearsal does not simulate changes of an interface endpoint in place.");

    /// <inheritdoc/>
    public void Delete(ResourceCall call) =>
        call.World.Api.Invoke<DeleteVpcEndpointsResponse>(
            call.Principal,
            call.Region,
            new DeleteVpcEndpointsRequest { VpcEndpointIds = [call.Current!.PhysicalId] }
        );

    /// <inheritdoc/>
    public ResourceProgress Look(ResourceCall call) =>
        endpoints.Find(call.Account, call.Region, call.Current!.PhysicalId!) is { State: "pending" or "deleting" }
            ? ResourceProgress.NotYet(LookInterval)
            : ResourceProgress.Ready;

    private static ResourceIdentity Known(VpcEndpoint endpoint) =>
        Identity(
            endpoint.Id,
            ("Id", endpoint.Id),
            ("CreationTimestamp", endpoint.Created.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            ("DnsEntries", new JsonArray([.. endpoint.DnsNames.Select(name => (JsonNode)$"{name.HostedZoneId}:{name.Name}")])),
            ("NetworkInterfaceIds", new JsonArray([.. endpoint.NetworkInterfaceIds.Select(id => (JsonNode)id)]))
        );
}
