using Amazon.EC2.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ec2;

/// <summary>AWS::EC2::VPCEndpointService over network load balancers.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpointservice.html</remarks>
internal sealed class VpcEndpointServiceResource(VpcEndpoints endpoints) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::EC2::VPCEndpointService";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.NetworkInStack;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var answer = call.World.Api.Invoke<CreateVpcEndpointServiceConfigurationResponse>(
            call.Principal,
            call.Region,
            new CreateVpcEndpointServiceConfigurationRequest
            {
                NetworkLoadBalancerArns = [.. call.Properties.Texts("NetworkLoadBalancerArns")],
                AcceptanceRequired = call.Properties.Flag("AcceptanceRequired"),
            }
        );
        var id = answer.ServiceConfiguration.ServiceId;
        return Identity(id, ("ServiceId", id));
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) =>
        throw new ApiException("InvalidRequest", "The rehearsal does not simulate changes of an endpoint service in place.");

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, "ec2", "DeleteVpcEndpointServiceConfigurations", call.Account),
            [call.Arn("ec2", $"vpc-endpoint-service/{id}")]
        );
        endpoints.DeleteService(call.Region, id);
    }
}
