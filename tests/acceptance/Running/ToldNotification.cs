using System.Text.Json.Nodes;
using Deployer.Rehearsal.Sns;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>Notifications as programs get them.</summary>
internal static class ToldNotification
{
    /// <summary>What the topic has taken of a kind, in its order, each once: EventBridge may deliver an event twice.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Told(this SimulatedAccounts accounts) =>
        [
            .. (await accounts.Rehearsal.World.Do(() => SnsService.Messages(accounts.Rehearsal.World)))
                .Select(message => JsonNode.Parse(message.Messages["sqs"])!)
                .DistinctBy(detail => (string?)detail["id"]),
        ];

    /// <summary>The same, about one execution.</summary>
    public static async Task<IReadOnlyList<JsonNode>> Told(this SimulatedAccounts accounts, string execution) =>
        [.. (await accounts.Told()).Where(detail => (string?)detail["execution"] == execution)];

    /// <summary>Who, what runs now, what is next and a link: what every kind says.</summary>
    /// <param name="detail">The notification.</param>
    /// <param name="hasReleased">Whether a step has released something on the target.</param>
    /// <param name="hasExecution">Whether there is an execution, which has a page and somebody who asked for it.</param>
    public static void ShouldTellWhole(this JsonNode detail, bool hasReleased = true, bool hasExecution = true)
    {
        var text = (string)detail["text"]!;
        ((string?)detail["next"]?["reason"]).ShouldNotBeNullOrEmpty(text);
        ((string?)detail["next"]!["command"]).ShouldNotBeNullOrEmpty(text);
        text.ShouldContain((string)detail["next"]!["command"]!);
        (detail["runs"]!.AsArray().Count > 0).ShouldBe(hasReleased, text);
        text.Contains("What runs now", StringComparison.Ordinal).ShouldBe(hasReleased, text);
        if (hasExecution)
        {
            ((string?)detail["link"]).ShouldNotBeNullOrEmpty(text);
        }
    }
}
