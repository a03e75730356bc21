using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>
/// A notification that was noted and is to be sent: whatever dies then, the sweep sends it. It stays until the sweep sees that it was sent.
/// </summary>
public sealed record NotedNotification
{
    /// <summary>The notification.</summary>
    public required Notification Notification { get; init; }

    /// <summary>The first sweep that found it: whoever noted it may still be sending it then.</summary>
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>Why it could not be sent, for people; <see langword="null"/> when no try to send it has failed.</summary>
    public string? Problem { get; init; }

    private const string Partition = "OUTBOX";

    /// <summary>All that are noted.</summary>
    public static LedgerRange<NotedNotification> All => new(Partition, string.Empty, NotedNotificationDocuments.Default.NotedNotification);

    /// <summary>Those about a subject.</summary>
    public static LedgerRange<NotedNotification> About(string subject) =>
        new(Partition, $"{subject}/", NotedNotificationDocuments.Default.NotedNotification);

    /// <summary>Where it is noted.</summary>
    public static LedgerKey<NotedNotification> Key(string id) => new(Partition, id, NotedNotificationDocuments.Default.NotedNotification);
}

/// <summary>A notification that EventBridge has taken.</summary>
/// <param name="Id">The notification's id.</param>
/// <param name="Kind">What it says.</param>
/// <param name="EventId">The id that EventBridge gave.</param>
public sealed record SentNotification(
    string Id,
    [property: JsonConverter(typeof(NotificationKindConverter))] NotificationKind Kind,
    string? EventId
)
{
    /// <summary>Those about a subject.</summary>
    public static LedgerRange<SentNotification> About(string subject) =>
        new(Partition(subject), string.Empty, NotedNotificationDocuments.Default.SentNotification);

    /// <summary>Where it is recorded.</summary>
    public static LedgerKey<SentNotification> Key(Notification notification) =>
        new(Partition(notification.Subject), notification.Id, NotedNotificationDocuments.Default.SentNotification);

    private static string Partition(string subject) => $"NOTIFICATIONS#{subject}";
}

/// <summary>How notifications are written in the table.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(NotedNotification))]
[JsonSerializable(typeof(SentNotification))]
internal sealed partial class NotedNotificationDocuments : JsonSerializerContext;
