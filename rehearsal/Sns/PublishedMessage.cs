namespace Deployer.Rehearsal.Sns;

/// <summary>A message that a topic has taken.</summary>
/// <param name="At">When.</param>
/// <param name="TopicArn">The topic.</param>
/// <param name="Subject">The subject of an e-mail.</param>
/// <param name="Messages">The message of each protocol; that of <c>default</c> for the others.</param>
/// <param name="Attributes">What subscriptions filter by.</param>
public sealed record PublishedMessage(
    DateTimeOffset At,
    string TopicArn,
    string? Subject,
    IReadOnlyDictionary<string, string> Messages,
    IReadOnlyDictionary<string, string> Attributes
);
