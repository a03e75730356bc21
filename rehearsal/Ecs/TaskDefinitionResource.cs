using Amazon.ECS;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>AWS::ECS::TaskDefinition: each change is another revision, and the one before is deregistered.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html</remarks>
internal sealed class TaskDefinitionResource(TaskDefinitions definitions) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::ECS::TaskDefinition";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var properties = call.Properties.WithTags(call).With("Family", call.NameFrom("Family", 255));
        var arn = call.Invoke(ECSModel.Service, "RegisterTaskDefinition", properties)["TaskDefinition"]![
            "TaskDefinitionArn"
        ]!.GetValue<string>();
        return Identity(arn, ("TaskDefinitionArn", arn));
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) =>
        throw new ApiException("InvalidRequest", "The rehearsal does not simulate changes of a task definition's tags.");

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        call.Authorize("ecs", "DeregisterTaskDefinition", "*");
        definitions.Deregister(call.Account, call.Region, call.Current!.PhysicalId!);
    }
}
