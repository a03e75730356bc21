using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;

namespace Deployer.Functions.Stacks;

/// <summary>How an operation of ours on a stack stands, by the events that carry its client request token.</summary>
/// <param name="Seen">Whether any event of the stack carries the token: until then nothing of it has happened.</param>
/// <param name="End">How it ended; <see cref="StackEnd.Running"/> until the stack is described with the status to which it came.</param>
/// <param name="IsLast">Whether no other operation has begun on the stack since.</param>
internal sealed record StackOperation(bool Seen, StackEnd End, bool IsLast)
{
    private const string StackType = "AWS::CloudFormation::Stack";

    /// <summary>Reads how an operation stands.</summary>
    /// <remarks>
    /// All events of an operation carry the client request token of its request
    /// (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackEvent.html). A description of the stack may be older
    /// than the operation: it counts when its status is that of the stack's last event, and when it was changed since the operation
    /// began.
    /// </remarks>
    /// <param name="cloudFormation">The account's CloudFormation.</param>
    /// <param name="stack">The stack as it was described.</param>
    /// <param name="before">When the stack was last changed before the operation; <see langword="null"/> for a creation.</param>
    /// <param name="tokens">The client request tokens of the operation, and of what was begun to mend it.</param>
    public static async Task<StackOperation> Read(
        IAmazonCloudFormation cloudFormation,
        Stack stack,
        string? before,
        params IReadOnlyCollection<string> tokens
    )
    {
        var events = (await cloudFormation.Events(stack.StackId))
            .Where(happened =>
                happened.ResourceType == StackType
                && happened.PhysicalResourceId == stack.StackId
                && happened.ResourceStatus.Value != StackStatus.REVIEW_IN_PROGRESS.Value
            )
            .ToList();
        var own = events.Where(happened => tokens.Contains(happened.ClientRequestToken)).ToList();
        if (own.Count == 0)
        {
            return new StackOperation(Seen: false, StackEnd.Running, IsLast: false);
        }

        var isLast = ReferenceEquals(events[^1], own[^1]);
        var isShown = stack.LastChange() != before && stack.StackStatus.Value == events[^1].ResourceStatus.Value;
        var end = new StackStatus(own[^1].ResourceStatus.Value).Ended;
        return new StackOperation(
            Seen: true,
            !isShown || stack.StackStatus.Found == StackFound.Wait ? StackEnd.Running
                // Another operation took it over before it had ended: somebody cancelled it, or deleted the stack.
                : end == StackEnd.Running ? StackEnd.Failed
                : end,
            isLast
        );
    }
}
