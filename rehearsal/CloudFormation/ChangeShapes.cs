using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Requests;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>Change sets as the API shows them.</summary>
internal static class ChangeShapes
{
    public static ChangeSetSummary Summary(ChangeSetRecord changeSet) =>
        new()
        {
            StackId = changeSet.StackId,
            StackName = changeSet.StackName,
            ChangeSetId = changeSet.Id,
            ChangeSetName = changeSet.Name,
            Status = new(changeSet.Status.ToString()),
            StatusReason = changeSet.StatusReason,
            ExecutionStatus = new(changeSet.Execution.ToString()),
            CreationTime = changeSet.Created.UtcDateTime,
            Description = changeSet.Description,
            IncludeNestedStacks = changeSet.IncludesNested,
            ParentChangeSetId = changeSet.ParentId,
            RootChangeSetId = changeSet.RootId,
        };

    public static Change Change(Templates.Changes.ResourceChange change) =>
        new()
        {
            Type = ChangeType.Resource,
            ResourceChange = new ResourceChange
            {
                Action = new(change.Action.ToString()),
                LogicalResourceId = change.LogicalId,
                PhysicalResourceId = change.PhysicalId,
                ResourceType = change.Type,
                Replacement = change.Replacement is { } replacement ? new(replacement.ToString()) : null,
                PolicyAction = change.PolicyAction is { } action ? new(action) : null,
                Scope = [.. change.Scope.Select(attribute => new ResourceAttribute(attribute))],
                Details = [.. change.Details.Select(Detail)],
                ChangeSetId = change.ChangeSetId,
            },
        };

    private static ResourceChangeDetail Detail(Templates.Changes.ChangeDetail detail) =>
        new()
        {
            Target = new ResourceTargetDefinition
            {
                Attribute = new(detail.Attribute),
                Name = detail.Name,
                Path = detail.Path,
                RequiresRecreation = new(detail.RequiresRecreation.ToString()),
            },
            Evaluation = detail.IsDynamic ? EvaluationType.Dynamic : EvaluationType.Static,
            ChangeSource = new(detail.Source),
            CausingEntity = detail.CausingEntity,
        };
}
