using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Stacks;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>Stacks and resources as the API shows them.</summary>
internal static class StackShapes
{
    private const string Masked = "****";

    public static Stack Stack(StackRecord stack, StackTable stacks) =>
        new()
        {
            StackId = stack.Id,
            StackName = stack.Name,
            ChangeSetId = stack.ChangeSetId,
            Description = Description(stack),
            Parameters = stack.WasMade ? Parameters(stack.Described) : null,
            CreationTime = stack.Created.UtcDateTime,
            LastUpdatedTime = stack.Updated?.UtcDateTime,
            DeletionTime = stack.Deleted?.UtcDateTime,
            StackStatus = new(stack.Status.ToString()),
            StackStatusReason = stack.StatusReason,
            DisableRollback = stack.DisableRollback,
            NotificationARNs = stack.Described.NotificationArns,
            Capabilities = [.. stack.Described.Capabilities],
            Outputs =
            [
                .. stack.Outputs.Select(o => new Output
                {
                    OutputKey = o.Key,
                    OutputValue = o.Value,
                    Description = o.Description,
                    ExportName = o.ExportName,
                }),
            ],
            RoleARN = stack.Described.RoleArn,
            Tags = Tags(stack.Described),
            EnableTerminationProtection = stack.TerminationProtection,
            ParentId = stack.ParentKey is { } parent ? stacks.Get(parent).Id : null,
            RootId = stack.RootKey is { } root ? stacks.Get(root).Id : null,
            DriftInformation = new StackDriftInformation { StackDriftStatus = Amazon.CloudFormation.StackDriftStatus.NOT_CHECKED },
            LastOperations = Operations(stack),
        };

    public static StackSummary Summary(StackRecord stack, StackTable stacks) =>
        new()
        {
            StackId = stack.Id,
            StackName = stack.Name,
            TemplateDescription = Description(stack),
            CreationTime = stack.Created.UtcDateTime,
            LastUpdatedTime = stack.Updated?.UtcDateTime,
            DeletionTime = stack.Deleted?.UtcDateTime,
            StackStatus = new(stack.Status.ToString()),
            StackStatusReason = stack.StatusReason,
            ParentId = stack.ParentKey is { } parent ? stacks.Get(parent).Id : null,
            RootId = stack.RootKey is { } root ? stacks.Get(root).Id : null,
            DriftInformation = new StackDriftInformationSummary { StackDriftStatus = Amazon.CloudFormation.StackDriftStatus.NOT_CHECKED },
            LastOperations = Operations(stack),
        };

    public static StackResource Resource(StackRecord stack, ResourceRecord resource) =>
        new()
        {
            StackId = stack.Id,
            StackName = stack.Name,
            LogicalResourceId = resource.LogicalId,
            PhysicalResourceId = resource.PhysicalId,
            ResourceType = resource.Type,
            Timestamp = resource.Updated.UtcDateTime,
            ResourceStatus = new(resource.Status.ToString()),
            ResourceStatusReason = resource.StatusReason,
        };

    public static StackResourceDetail Detail(StackRecord stack, ResourceRecord resource) =>
        new()
        {
            StackId = stack.Id,
            StackName = stack.Name,
            LogicalResourceId = resource.LogicalId,
            PhysicalResourceId = resource.PhysicalId,
            ResourceType = resource.Type,
            LastUpdatedTimestamp = resource.Updated.UtcDateTime,
            ResourceStatus = new(resource.Status.ToString()),
            ResourceStatusReason = resource.StatusReason,
            Metadata = StackEvaluation
                .Read(stack.Described.Executed)
                .Resources.GetValueOrDefault(resource.LogicalId)
                ?.Metadata?.ToJsonString(),
        };

    public static StackResourceSummary Summary(ResourceRecord resource) =>
        new()
        {
            LogicalResourceId = resource.LogicalId,
            PhysicalResourceId = resource.PhysicalId,
            ResourceType = resource.Type,
            LastUpdatedTimestamp = resource.Updated.UtcDateTime,
            ResourceStatus = new(resource.Status.ToString()),
            ResourceStatusReason = resource.StatusReason,
        };

    /// <summary>The parameters with secret values masked.</summary>
    public static List<Parameter> Parameters(StackDefinition definition)
    {
        var declared = StackEvaluation.Read(definition.Executed).Parameters;
        return
        [
            .. definition.Parameters.Select(p => new Parameter
            {
                ParameterKey = p.Key,
                ParameterValue = declared[p.Key].NoEcho ? Masked : p.Value.Value,
                ResolvedValue = declared[p.Key].NoEcho ? null : p.Value.Resolved,
            }),
        ];
    }

    public static List<Tag> Tags(StackDefinition definition) =>
        [.. definition.Tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];

    private static string? Description(StackRecord stack) =>
        stack.WasMade ? StackEvaluation.Read(stack.Described.Executed).Description : null;

    private static List<OperationEntry> Operations(StackRecord stack) =>
        [
            .. stack.LastOperations.Select(operation => new OperationEntry
            {
                OperationId = operation.Id,
                OperationType = new(operation.Type),
            }),
        ];
}
