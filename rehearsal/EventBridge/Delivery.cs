namespace Deployer.Rehearsal.EventBridge;

/// <summary>An event on its way to a target.</summary>
/// <param name="Account">The rule's account.</param>
/// <param name="RuleArn">The rule that took it.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Input">What the target is given.</param>
internal sealed record Delivery(string Account, string RuleArn, EventTarget Target, string EventId, string Input);

/// <summary>
/// An event that did not reach a target: on AWS it would be retried for a day, then dropped, or go to the target's dead-letter queue.
/// </summary>
/// <param name="At">When it was tried.</param>
/// <param name="RuleArn">The rule that took it.</param>
/// <param name="TargetArn">Where it should have gone.</param>
/// <param name="EventId">The event's id.</param>
/// <param name="Reason">What the target answered.</param>
/// <param name="DeadLetterQueue">ARN of the queue where it lies then; <see langword="null"/> when it is lost.</param>
public sealed record FailedDelivery(
    DateTimeOffset At,
    string RuleArn,
    string TargetArn,
    string EventId,
    string Reason,
    string? DeadLetterQueue = null
);
