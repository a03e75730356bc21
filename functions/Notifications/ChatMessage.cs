using System.Text.Json.Serialization;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Notifications;

/// <summary>
/// A notification as Amazon Q Developer in chat applications takes it, which shows no other message of a topic in Slack or Teams.
/// </summary>
/// <param name="Version">The version of its schema.</param>
/// <param name="Source">Always <c>custom</c>.</param>
/// <param name="Id">The notification's id.</param>
/// <param name="Content">What is shown.</param>
/// <param name="Metadata">What messages are grouped by.</param>
/// <remarks>https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html</remarks>
public sealed record ChatMessage(string Version, string Source, string Id, ChatContent Content, ChatMetadata Metadata)
{
    private const int MostOfDescription = 2_500;

    /// <summary>The message of a notification; those of one deployment are one thread.</summary>
    public static ChatMessage From(NotificationDetail detail) =>
        new(
            "1.0",
            "custom",
            detail.Id,
            new ChatContent(
                "client-markdown",
                detail.Title,
                CauseText.Shorten(detail.Text, MostOfDescription),
                detail.Next is { Command: { } command } ? [$"{detail.Next.Reason} `{command}`"] : null
            ),
            new ChatMetadata(detail.Deployment ?? detail.Id, detail.Title, detail.Kind.ToString())
        );
}

/// <summary>What is shown.</summary>
/// <param name="TextType">How the text is marked up.</param>
/// <param name="Title">In a line.</param>
/// <param name="Description">The text.</param>
/// <param name="NextSteps">What to do next.</param>
public sealed record ChatContent(string TextType, string Title, string Description, IReadOnlyList<string>? NextSteps);

/// <summary>What messages are grouped by.</summary>
/// <param name="ThreadId">The same for messages of one thread.</param>
/// <param name="Summary">The thread's title.</param>
/// <param name="EventType">The kind of event.</param>
public sealed record ChatMetadata(string ThreadId, string Summary, string EventType);

/// <summary>How the messages of a topic are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ChatMessage))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class TopicDocuments : JsonSerializerContext;
