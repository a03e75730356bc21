using Amazon.CodeDeploy.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>AWS::CodeDeploy::Application.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codedeploy-application.html</remarks>
internal sealed class ApplicationResource(DeployGroups groups) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::CodeDeploy::Application";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("ApplicationName", 100);
        call.World.Api.Invoke<CreateApplicationResponse>(
            call.Principal,
            call.Region,
            new CreateApplicationRequest { ApplicationName = name, ComputePlatform = call.Properties.Text("ComputePlatform") }
        );
        return Identity(name);
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) => Identity(call.Current!.PhysicalId!);

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        var name = call.Current!.PhysicalId!;
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, "codedeploy", "DeleteApplication", call.Account),
            [call.Arn("codedeploy", $"application:{name}")]
        );
        groups.DeleteApplication(call.Account, call.Region, name);
    }
}
