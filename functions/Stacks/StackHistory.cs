using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Stacks;

/// <summary>The events of stacks.</summary>
public static class StackHistory
{
    /// <summary>Every event of a stack, the oldest first.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id; a deleted one has its events still.</param>
    public static async Task<IReadOnlyList<StackEvent>> Events(this IAmazonCloudFormation cloudFormation, string stack)
    {
        var events = await Pages.All(
            next => cloudFormation.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = stack, NextToken = next }),
            answer => answer.StackEvents,
            answer => answer.NextToken
        );
        events.Reverse();
        return events;
    }

    /// <summary>
    /// The status that a stack has come to by its last event; <see langword="null"/> when it has none. A description of the stack may be
    /// behind (https://github.com/aws/aws-cdk-cli/issues/1802), so what cannot be undone is decided by this.
    /// </summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack, by id.</param>
    public static async Task<StackStatus?> LastStatus(this IAmazonCloudFormation cloudFormation, string stack) =>
        (await cloudFormation.Events(stack)).LastOrDefault(happened => happened.PhysicalResourceId == stack) is { } last
            ? new StackStatus(last.ResourceStatus.Value)
            : null;

    /// <summary>Whether an operation has brought its stack into a status.</summary>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="requestToken">The operation's client request token.</param>
    public static async Task<bool> CameToItsStatus(this IAmazonCloudFormation cloudFormation, Stack stack, string requestToken) =>
        (await cloudFormation.Events(stack.StackId)).Any(happened =>
            happened.PhysicalResourceId == stack.StackId
            && happened.ClientRequestToken == requestToken
            && happened.ResourceStatus.Value == stack.StackStatus.Value
        );
}
