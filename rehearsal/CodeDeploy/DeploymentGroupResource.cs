using System.Text.Json.Nodes;
using Amazon.CodeDeploy.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>AWS::CodeDeploy::DeploymentGroup over Auto Scaling groups.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codedeploy-deploymentgroup.html</remarks>
internal sealed class DeploymentGroupResource(DeployGroups groups) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::CodeDeploy::DeploymentGroup";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("DeploymentGroupName", 100);
        var rollback = call.Properties["AutoRollbackConfiguration"] as JsonObject;
        call.World.Api.Invoke<CreateDeploymentGroupResponse>(
            call.Principal,
            call.Region,
            new CreateDeploymentGroupRequest
            {
                ApplicationName = call.Properties.Required("ApplicationName"),
                DeploymentGroupName = name,
                ServiceRoleArn = call.Properties.Required("ServiceRoleArn"),
                DeploymentConfigName = call.Properties.Text("DeploymentConfigName"),
                AutoScalingGroups = [.. call.Properties.Texts("AutoScalingGroups")],
                Tags = [.. call.Tags().Select(tag => new Tag { Key = tag.Key, Value = tag.Value })],
                AutoRollbackConfiguration = rollback is null
                    ? null
                    : new AutoRollbackConfiguration { Enabled = rollback.Flag("Enabled"), Events = [.. rollback.Texts("Events")] },
            }
        );
        return Identity(name);
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var group = Existing(call, "UpdateDeploymentGroup");
        groups.Change(
            group,
            current =>
                current with
                {
                    ServiceRole = call.Properties.Required("ServiceRoleArn"),
                    ScalingGroups = [.. call.Properties.Texts("AutoScalingGroups")],
                }
        );
        call.Retag("codedeploy", group.Arn, group.Tags, tags => groups.Change(group, current => current with { Tags = tags }));
        return Identity(group.Name);
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        var group = Existing(call, "DeleteDeploymentGroup");
        groups.Delete(group.Account, group.Region, group.Application, group.Name);
    }

    private DeployGroup Existing(ResourceCall call, string operation)
    {
        var (application, name) = (call.Properties.Required("ApplicationName"), call.Current!.PhysicalId!);
        call.World.Api.Authorize(
            call.World.Api.CallAs(call.Principal, call.Region, "codedeploy", operation, call.Account),
            [call.Arn("codedeploy", $"deploymentgroup:{application}/{name}")]
        );
        return groups.Find(call.Account, call.Region, application, name)
            ?? throw new ApiException("DeploymentGroupDoesNotExistException", $"No Deployment Group found for name: {name}");
    }
}
