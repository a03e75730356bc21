using System.Text.Json.Serialization;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Cli.Places;

/// <summary>A notification of a deployment or a plan.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Id">Its id.</param>
/// <param name="Sent">Whether EventBridge has taken it.</param>
/// <param name="Problem">Why it has not; left out when no try to send it has failed.</param>
public sealed record NotificationReport(
    string Kind,
    string Id,
    bool Sent,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem = null
)
{
    /// <summary>That it was not sent, in a sentence; <see langword="null"/> for one that was.</summary>
    [JsonIgnore]
    internal string? Fault =>
        Sent ? null
        : Problem is null ? $"the notification '{Kind}' is not sent yet; the sweep, every five minutes, sends it"
        : $"the notification '{Kind}' could not be sent: {Problem}; the sweep, every five minutes, tries again";

    /// <summary>The notifications about a deployment or a plan; <see langword="null"/> when there are none.</summary>
    internal static async Task<IReadOnlyList<NotificationReport>?> Read(LedgerTable ledger, string subject)
    {
        var sent = await ledger.Query(SentNotification.About(subject));
        var noted = await ledger.Query(NotedNotification.About(subject));
        var reports = sent.Select(notification => new NotificationReport(notification.Kind.Text(), notification.Id, Sent: true)).ToList();
        reports.AddRange(
            noted
                .Where(waiting => sent.All(known => known.Id != waiting.Notification.Id))
                .Select(waiting => new NotificationReport(
                    waiting.Notification.Kind.Text(),
                    waiting.Notification.Id,
                    Sent: false,
                    waiting.Problem
                ))
        );
        return reports.Count == 0 ? null : reports;
    }
}
