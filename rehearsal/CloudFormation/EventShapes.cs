using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Rehearsal.CloudFormation.Requests;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>Events as the API shows them.</summary>
internal static class EventShapes
{
    public static StackEvent Event(Stacks.StackEvent e) =>
        new()
        {
            EventId = e.EventId,
            StackId = e.StackId,
            StackName = e.StackName,
            LogicalResourceId = e.LogicalId,
            PhysicalResourceId = e.PhysicalId,
            ResourceType = e.ResourceType,
            Timestamp = e.Timestamp.UtcDateTime,
            ResourceStatus = new(e.Status),
            ResourceStatusReason = e.Reason,
            ResourceProperties = e.Properties,
            ClientRequestToken = e.Token,
            OperationId = e.OperationId,
        };

    /// <summary>The result of a validation that failed a change set (names and texts: aws-cloudformation/rain#744).</summary>
    public static OperationEvent Validation(ChangeSetRecord changeSet, string conflict)
    {
        var type = changeSet.Changes!.Resources.First(change => change.LogicalId == conflict).Type;
        return new OperationEvent
        {
            EventId = $"{conflict}-VALIDATION_ERROR",
            StackId = changeSet.StackId,
            OperationType = OperationType.CREATE_CHANGESET,
            EventType = EventType.VALIDATION_ERROR,
            LogicalResourceId = conflict,
            ResourceType = type,
            Timestamp = changeSet.Created.UtcDateTime,
            ValidationName = "NAME_CONFLICT_VALIDATION",
            ValidationStatus = ValidationStatus.FAILED,
            ValidationFailureMode = HookFailureMode.FAIL,
            ValidationStatusReason = $"Resource of type '{type}' with identifier '{conflict}' already exists.",
            ValidationPath = $"/Resources/{conflict}",
        };
    }

    public static OperationEvent Operation(Stacks.StackRecord stack, Stacks.StackEvent e) =>
        new()
        {
            EventId = e.EventId,
            StackId = e.StackId,
            OperationId = e.OperationId,
            OperationType = stack.LastOperations.Find(operation => operation.Id == e.OperationId) is { } operation
                ? new(operation.Type)
                : null,
            EventType = EventType.STACK_EVENT,
            LogicalResourceId = e.LogicalId,
            PhysicalResourceId = e.PhysicalId,
            ResourceType = e.ResourceType,
            Timestamp = e.Timestamp.UtcDateTime,
            ResourceStatus = new(e.Status),
            ResourceStatusReason = e.Reason,
            ResourceProperties = e.Properties,
            ClientRequestToken = e.Token,
        };
}
