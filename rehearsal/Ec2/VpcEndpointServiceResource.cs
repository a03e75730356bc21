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
                TagSpecifications =
                [
                    new TagSpecification
                    {
                        ResourceType = "vpc-endpoint-service",
                        Tags = [.. call.Tags().Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
                    },
                ],
            }
        );
        var id = answer.ServiceConfiguration.ServiceId;
        return Identity(id, ("ServiceId", id));
    }

    /// <inheritdoc/>
    /// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpointServiceConfiguration.html</remarks>
    public ResourceIdentity Update(ResourceCall call)
    {
        var id = call.Current!.PhysicalId!;
        var arn = call.Arn("ec2", $"vpc-endpoint-service/{id}");
        if (call.Changes("NetworkLoadBalancerArns", "AcceptanceRequired"))
        {
            call.Authorize("ec2", "ModifyVpcEndpointServiceConfiguration", arn);
            endpoints.ChangeService(
                call.Region,
                id,
                [.. call.Properties.Texts("NetworkLoadBalancerArns")],
                call.Properties.Flag("AcceptanceRequired") ?? true
            );
        }

        var service = endpoints.Services(call.Region).Single(one => one.Id == id);
        if (call.ChangesTags(service.Tags))
        {
            call.Authorize("ec2", "CreateTags", arn);
            endpoints.TagService(service, call.Tags());
        }

        return new ResourceIdentity(id, call.Current.Attributes);
    }

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
