using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>Whether notifications reach the default bus: those that could not be sent wait in the table with the reason.</summary>
public sealed class NotificationsCheck(LedgerTable ledger) : ICheck
{
    private const string Notifications = "notifications";

    /// <inheritdoc/>
    public string Name => Notifications;

    /// <inheritdoc/>
    public bool NeedsTarget => false;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> Run(CheckRun run)
    {
        var failed = new List<NotedNotification>();
        foreach (var noted in await ledger.Query(NotedNotification.All))
        {
            if (noted.Problem is not null)
            {
                failed.Add(noted);
            }
        }

        return failed is [var first, ..]
            ?
            [
                CheckResult.Notice(
                    Notifications,
                    $"{failed.Count} notifications could not be sent, the first of them {first.Notification.Id}: {first.Problem}",
                    "once the cause is gone, the sweep, every five minutes, sends them"
                ),
            ]
            : [CheckResult.Ok(Notifications, "every notification was sent")];
    }
}
