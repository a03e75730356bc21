using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>Events as the API shows them.</summary>
internal static class EventShapes
{
    public static StackEvent Event(Stacks.StackEvent e) => new()
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

    public static OperationEvent Operation(Stacks.StackRecord stack, Stacks.StackEvent e) => new()
    {
        EventId = e.EventId,
        StackId = e.StackId,
        OperationId = e.OperationId,
        OperationType = stack.LastOperations.Find(operation => operation.Id == e.OperationId) is { } operation ? new(operation.Type) : null,
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
