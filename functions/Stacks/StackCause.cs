using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>Why an operation on a stack failed: the first resource that failed, through nested stacks, without what was only cancelled.</summary>
public static class StackCause
{
    private const string NestedStack = "AWS::CloudFormation::Stack";
    private const int Depth = 5;

    /// <summary>A sentence that names the resource and its reason.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id.</param>
    /// <param name="requestToken">The operation's client request token.</param>
    public static async Task<string> Of(IAmazonCloudFormation cloudFormation, Stack stack, string requestToken)
    {
        var failed = await FirstFailure(cloudFormation, stack.StackId, requestToken, Depth);
        var end = $"stack {stack.StackName} is {stack.StackStatus}";
        return failed is null
            ? $"{end}: {stack.StackStatusReason ?? "no failed resource and no reason is recorded"}"
            : $"{failed.LogicalResourceId} ({failed.ResourceType}) failed: {failed.ResourceStatusReason}; {end}";
    }

    private static async Task<StackEvent?> FirstFailure(IAmazonCloudFormation cloudFormation, string stack, string? requestToken, int depth)
    {
        StackEvent? first = null;
        string? next = null;
        do
        {
            var page = await cloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack, NextToken = next });
            foreach (var happened in page.StackEvents ?? [])
            {
                // Events come newest first, so the last one that fits is the first failure.
                if ((requestToken is null || happened.ClientRequestToken == requestToken) && IsFailure(happened) && happened.PhysicalResourceId != stack)
                {
                    first = happened;
                }
            }

            next = page.NextToken;
        }
        while (next is not null);
        return first is { ResourceType: NestedStack, PhysicalResourceId: { Length: > 0 } nested } && depth > 0
            ? await FirstFailure(cloudFormation, nested, requestToken: null, depth - 1) ?? first
            : first;
    }

    private static bool IsFailure(StackEvent happened) =>
        (happened.ResourceStatus == ResourceStatus.CREATE_FAILED
            || happened.ResourceStatus == ResourceStatus.UPDATE_FAILED
            || happened.ResourceStatus == ResourceStatus.DELETE_FAILED)
        && happened.ResourceStatusReason is { } reason
        && !reason.StartsWith("Resource creation cancelled", StringComparison.OrdinalIgnoreCase)
        && !reason.StartsWith("Resource update cancelled", StringComparison.OrdinalIgnoreCase);
}
