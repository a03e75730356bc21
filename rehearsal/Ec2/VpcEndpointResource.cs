using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.EC2.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Schemas;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ec2;

/// <summary>AWS::EC2::VPCEndpoint. One of the type Interface is done when it is available, or waits for its service's owner; those of
/// other types, for S3 or a load balancer of gateways, are simulated by their schema.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html</remarks>
internal sealed class VpcEndpointResource(VpcEndpoints endpoints) : IResourceType
{
    private const string Interface = "Interface";

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private readonly SchemaResource _otherTypes = new(ResourceSchemas.Find("AWS::EC2::VPCEndpoint")!);

    /// <inheritdoc/>
    public string Name => "AWS::EC2::VPCEndpoint";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.NetworkInStack;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        if (!IsInterface(call.Properties))
        {
            return _otherTypes.Create(call);
        }

        var answer = call.World.Api.Invoke<CreateVpcEndpointResponse>(
            call.Principal,
            call.Region,
            new CreateVpcEndpointRequest
            {
                VpcEndpointType = Interface,
                VpcId = call.Properties.Required("VpcId"),
                ServiceName = call.Properties.Required("ServiceName"),
                SubnetIds = [.. call.Properties.Texts("SubnetIds")],
                SecurityGroupIds = [.. call.Properties.Texts("SecurityGroupIds")],
                PrivateDnsEnabled = call.Properties.Flag("PrivateDnsEnabled") ?? false,
                TagSpecifications =
                [
                    new TagSpecification
                    {
                        ResourceType = "vpc-endpoint",
                        Tags = [.. call.Tags().Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
                    },
                ],
            }
        );
        return Known(endpoints.Find(call.Account, call.Region, answer.VpcEndpoint.VpcEndpointId)!);
    }

    /// <inheritdoc/>
    /// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html</remarks>
    public ResourceIdentity Update(ResourceCall call)
    {
        if (!IsInterface(call.Properties))
        {
            return _otherTypes.Update(call);
        }

        var id = call.Current!.PhysicalId!;
        var arn = call.Arn("ec2", $"vpc-endpoint/{id}");
        var endpoint =
            endpoints.Find(call.Account, call.Region, id)
            ?? throw new ApiException("InvalidVpcEndpointId.NotFound", $"The Vpc Endpoint Id '{id}' does not exist");
        if (call.Changes("SubnetIds", "SecurityGroupIds", "PrivateDnsEnabled", "PolicyDocument"))
        {
            call.Authorize("ec2", "ModifyVpcEndpoint", arn);
            endpoint = endpoints.Change(
                endpoint,
                [.. call.Properties.Texts("SubnetIds")],
                [.. call.Properties.Texts("SecurityGroupIds")],
                call.Properties.Flag("PrivateDnsEnabled") ?? false
            );
        }

        if (call.ChangesTags(endpoint.Tags))
        {
            call.Authorize("ec2", "CreateTags", arn);
            endpoint = endpoints.Tag(endpoint, call.Tags());
        }

        return Known(endpoint);
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        if (!IsInterface(call.Properties))
        {
            _otherTypes.Delete(call);
            return;
        }

        call.World.Api.Invoke<DeleteVpcEndpointsResponse>(
            call.Principal,
            call.Region,
            new DeleteVpcEndpointsRequest { VpcEndpointIds = [call.Current!.PhysicalId] }
        );
    }

    /// <inheritdoc/>
    public ResourceProgress Look(ResourceCall call) =>
        endpoints.Find(call.Account, call.Region, call.Current!.PhysicalId!) switch
        {
            { State: "pending" or "deleting" } => ResourceProgress.NotYet(LookInterval),
            { State: "failed", Id: var id, Error: var error } => ResourceProgress.Failed(
                $"Resource of type 'AWS::EC2::VPCEndpoint' with identifier '{id}' did not stabilize: {error}"
            ),
            _ => ResourceProgress.Ready,
        };

    private static bool IsInterface(JsonObject properties) => properties.Text("VpcEndpointType") == Interface;

    private static ResourceIdentity Known(VpcEndpoint endpoint) =>
        Identity(
            endpoint.Id,
            ("Id", endpoint.Id),
            ("CreationTimestamp", endpoint.Created.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            ("DnsEntries", new JsonArray([.. endpoint.DnsNames.Select(name => (JsonNode)$"{name.HostedZoneId}:{name.Name}")])),
            ("NetworkInterfaceIds", new JsonArray([.. endpoint.NetworkInterfaceIds.Select(id => (JsonNode)id)]))
        );
}
