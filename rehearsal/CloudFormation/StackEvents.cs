using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>Publishes changes of status.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html</summary>
public sealed class StackEvents(IEventSource events) : IStackListener
{
    /// <inheritdoc/>
    public void StackChanged(StackRecord stack, StackEvent change) =>
        events.Publish(stack.Account, stack.Region, "aws.cloudformation", "CloudFormation Stack Status Change", [stack.Id], Detail(change));

    /// <inheritdoc/>
    public void ResourceChanged(StackRecord stack, StackEvent change)
    {
        var detail = Detail(change);
        detail["logical-resource-id"] = change.LogicalId;
        detail["physical-resource-id"] = change.PhysicalId ?? "";
        detail["resource-type"] = change.ResourceType;
        events.Publish(stack.Account, stack.Region, "aws.cloudformation", "CloudFormation Resource Status Change", [stack.Id], detail);
    }

    private static JsonObject Detail(StackEvent change) =>
        new()
        {
            ["stack-id"] = change.StackId,
            ["status-details"] = new JsonObject { ["status"] = change.Status, ["status-reason"] = change.Reason ?? "" },
            ["client-request-token"] = change.Token ?? "",
        };
}
