using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>
/// Why an operation on a stack failed: the first resource that failed, through nested stacks, without what was only cancelled.
/// </summary>
public static class StackCause
{
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private const int Depth = 5;

    /// <summary>A sentence that names the resource and its reason, and how the stack ended.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id.</param>
    /// <param name="requestToken">The operation's client request token.</param>
    public static async Task<string> Explain(IAmazonCloudFormation cloudFormation, Stack stack, string requestToken)
    {
        var end = $"stack {stack.StackName} is {stack.StackStatus}";
        return await First(cloudFormation, stack, requestToken) is { } first ? $"{first}; {end}"
            : stack.StackStatus == StackStatus.DELETE_COMPLETE
                ? $"the stack {stack.StackName} was deleted while the operation {requestToken} was under way"
            : $"{end}: {stack.StackStatusReason ?? NothingRecorded(requestToken)}";
    }

    /// <summary>
    /// The first failure of an operation: of a resource, or else what the stack's own events say, such as of an output that is no text
    /// (aws-cloudformation/cfn-lint#3013) or of an update that somebody cancelled; <see langword="null"/> when neither says anything.
    /// </summary>
    /// <inheritdoc cref="Explain"/>
    public static async Task<string?> First(IAmazonCloudFormation cloudFormation, Stack stack, string requestToken)
    {
        var events = (await cloudFormation.Events(stack.StackId)).Where(happened => happened.ClientRequestToken == requestToken).ToList();
        return events.Find(happened => IsFailure(happened, stack.StackId)) is { } failed
                ? await Describe(cloudFormation, failed, events[0].Timestamp, [])
            : events.Find(happened => TurnedBack(happened, stack.StackId)) is { } turned
                ? $"no resource failed, and the stack became {turned.ResourceStatus}: {turned.ResourceStatusReason}"
            : null;
    }

    private static string NothingRecorded(string requestToken) =>
        $"CloudFormation recorded neither a failed resource nor a reason in the events of the operation {requestToken}";

    // A nested stack is followed by time: whether its events carry the root's token is not documented.
    private static async Task<string> Describe(
        IAmazonCloudFormation cloudFormation,
        StackEvent failed,
        DateTime? began,
        IReadOnlyList<string> outer
    )
    {
        if (
            failed is { ResourceType: NestedStack, PhysicalResourceId: { Length: > 0 } nested }
            && outer.Count < Depth
            && (await cloudFormation.Events(nested)).FirstOrDefault(happened => happened.Timestamp >= began && IsFailure(happened, nested))
                is { } inner
        )
        {
            return await Describe(cloudFormation, inner, began, [.. outer, failed.LogicalResourceId]);
        }

        var place = outer.Count == 0 ? string.Empty : $" in the nested stack {string.Join('/', outer)}";
        return $"{failed.LogicalResourceId} ({failed.ResourceType}){place} failed: "
            + (
                failed.ResourceStatusReason is { } reason
                    ? StackReasons.Complete(reason, StackReasons.TemplateOf(failed))
                    : $"CloudFormation gave no reason for {failed.ResourceStatus}"
            );
    }

    // The stack's own event with which an operation turns from what it was to do, with its reason.
    private static bool TurnedBack(StackEvent happened, string stack) =>
        happened.PhysicalResourceId == stack
        && !string.IsNullOrEmpty(happened.ResourceStatusReason)
        && happened.ResourceStatus?.Value is { } value
        && new StackStatus(value) is var status
        && (
            status.IsRollback
            || status == StackStatus.DELETE_IN_PROGRESS
            || (status.Ended is StackEnd.Failed or StackEnd.RollbackFailed && status != StackStatus.DELETE_COMPLETE)
        );

    private static bool IsFailure(StackEvent happened, string stack) =>
        (
            happened.ResourceStatus == ResourceStatus.CREATE_FAILED
            || happened.ResourceStatus == ResourceStatus.UPDATE_FAILED
            || happened.ResourceStatus == ResourceStatus.DELETE_FAILED
        )
        && happened.PhysicalResourceId != stack
        && happened.ResourceStatusReason?.StartsWith("Resource creation cancelled", StringComparison.OrdinalIgnoreCase) != true
        && happened.ResourceStatusReason?.StartsWith("Resource update cancelled", StringComparison.OrdinalIgnoreCase) != true;
}
