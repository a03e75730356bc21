using System.Text.Json.Nodes;
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

    /// <summary>Tags alone change in place.</summary>
    public ResourceIdentity Update(ResourceCall call)
    {
        var arn = call.Current!.PhysicalId!;
        var definition =
            definitions.Find(call.Account, call.Region, arn)
            ?? throw new ApiException("InvalidParameterException", "The specified task definition is not found.");
        if (call.ChangesTags(definition.Tags.ToDictionary(tag => tag.Key, tag => tag.Value)))
        {
            call.Authorize("ecs", "TagResource", arn);
            definitions.Tag(call.Account, call.Region, definition, call.Tags().AsShapes());
        }

        return new ResourceIdentity(arn, call.Current.Attributes);
    }

    /// <remarks>A revision does not change; somebody may deregister it.</remarks>
    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("ecs", "DescribeTaskDefinition", "*");
        return definitions.Find(call.Account, call.Region, call.Current!.PhysicalId!)?.Definition.Status == TaskDefinitionStatus.ACTIVE
            ? new ResourceReading(new JsonObject())
            : ResourceReading.Gone;
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        call.Authorize("ecs", "DeregisterTaskDefinition", "*");
        definitions.Deregister(call.Account, call.Region, call.Current!.PhysicalId!);
    }
}
