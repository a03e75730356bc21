using System.Text.Json;
using Amazon.EventBridge.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Notifications;

/// <summary>
/// Sends notifications as events on the default bus of the deployer's account, each once: noted in the table, put, and marked as sent.
/// What could not be put stays noted, with the reason, and the sweep tries again. Nothing that EventBridge answers is thrown: a deployment
/// does not fail since it could not be reported. Whoever gets an event twice, as EventBridge and a function that dies after
/// <c>PutEvents</c> permit, knows it by its id.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html</remarks>
public sealed class Notifier(IAws aws, Settings settings, LedgerTable ledger)
{
    /// <summary>The characters that are kept of why one could not be sent.</summary>
    private const int MostOfProblem = 1_000;

    /// <summary>
    /// Longer than any name of a service or a target. What was refused may name anything; nothing was released under such a name, and a
    /// partition key has 2048 bytes at most
    /// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys).
    /// </summary>
    private const int LongestName = 200;

    /// <summary>Whether a target wants to hear of something; what is reported costs nothing otherwise.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="wanted">What the target wants to hear of; <see langword="null"/> for the usual.</param>
    public static bool Wants(NotificationKind kind, IReadOnlyList<NotificationKind>? wanted) =>
        (wanted ?? NotificationKinds.Usual).Contains(kind);

    /// <summary>
    /// Notes a notification, with what runs now, for another function or the sweep to send; nothing for one that was sent before.
    /// </summary>
    /// <param name="notification">The notification; what runs is read here, once for all kinds.</param>
    /// <param name="wanted">What the target wants to hear of; <see langword="null"/> for the usual.</param>
    /// <returns>What is noted; <see langword="null"/> when nothing is to be sent.</returns>
    public async Task<NotedNotification?> Note(Notification notification, IReadOnlyList<NotificationKind>? wanted)
    {
        if (!Wants(notification.Kind, wanted) || await WasSent(notification))
        {
            return null;
        }

        var whole = notification with { Runs = await Running(notification.Service, notification.Target) };
        return await ledger.Change(
            NotedNotification.Key(notification.Id),
            present => present ?? new NotedNotification { Notification = whole.Limited() }
        );
    }

    /// <summary>What each step of a service last released with success on a target.</summary>
    private async Task<IReadOnlyList<RunningStep>> Running(string service, string target) =>
        service.Length > LongestName || target.Length > LongestName
            ? []
            :
            [
                .. (await ledger.Query(ReleasedStep.All(service, target))).Select(step => new RunningStep(
                    step.Step,
                    step.Resource,
                    step.Deployment.Value
                )),
            ];

    /// <summary>Notes a notification and sends it.</summary>
    /// <inheritdoc cref="Note"/>
    public async Task Send(Notification notification, IReadOnlyList<NotificationKind>? wanted)
    {
        if (await Note(notification, wanted) is { } noted)
        {
            await Put(noted);
        }
    }

    /// <summary>Sends what is noted about a subject.</summary>
    public async Task SendNoted(string subject)
    {
        foreach (var noted in await ledger.Query(NotedNotification.About(subject)))
        {
            if (!await WasSent(noted.Notification))
            {
                await Put(noted);
            }
        }
    }

    /// <summary>
    /// Sends what is left, and forgets what was sent. One that this sweep sees first and that nobody has tried to send waits for the next:
    /// whoever noted it may be about to send it.
    /// </summary>
    /// <param name="now">The time that the schedule's event has.</param>
    /// <param name="unreadable">Takes each record that cannot be read, with the reason; <see langword="null"/> to throw that.</param>
    /// <returns>Why notifications could not be sent, one sentence each.</returns>
    public async Task<IReadOnlyList<string>> Sweep(DateTimeOffset now, Action<string, Exception>? unreadable = null)
    {
        var problems = new List<string>();
        foreach (var noted in await ledger.Query(NotedNotification.All, unreadable))
        {
            var key = NotedNotification.Key(noted.Notification.Id);
            if (await WasSent(noted.Notification))
            {
                await ledger.Delete(key);
            }
            else if (noted is { Problem: null, SeenAt: null })
            {
                await ledger.Change(key, present => (present ?? noted) with { SeenAt = now });
            }
            else if (await Put(noted) is { } problem)
            {
                problems.Add($"notification {noted.Notification.Id} could not be sent: {problem}");
            }
            else
            {
                await ledger.Delete(key);
            }
        }

        return problems;
    }

    private async Task<bool> WasSent(Notification notification) => await ledger.Read(SentNotification.Key(notification)) is not null;

    /// <summary>Puts the event and marks it as sent; the reason when that is not so, which is kept.</summary>
    private async Task<string?> Put(NotedNotification noted)
    {
        var notification = noted.Notification;
        string? eventId = null;
        string? problem;
        try
        {
            (eventId, problem) = await PutEvent(notification);
        }
        catch (Exception exception)
        {
            var failure = Failure.Translate(exception);
            problem = $"{failure.Error}: {failure.Message}";
        }

        if (problem is null)
        {
            await ledger.Put(SentNotification.Key(notification), new SentNotification(notification.Id, notification.Kind, eventId));
            return null;
        }

        var kept = CauseText.Shorten(problem, MostOfProblem);
        await ledger.Change(NotedNotification.Key(notification.Id), present => (present ?? noted) with { Problem = kept });
        return kept;
    }

    /// <summary>
    /// An answer of 200 may hold entries that failed: each has its error instead of an id
    /// (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html).
    /// </summary>
    private async Task<(string? EventId, string? Problem)> PutEvent(Notification notification)
    {
        var answer = await aws.EventBridge.PutEventsAsync(
            new PutEventsRequest
            {
                Entries =
                [
                    new PutEventsRequestEntry
                    {
                        Source = NotificationDetail.Source,
                        DetailType = NotificationDetail.DetailType,
                        Resources = notification.Execution is { } execution ? [execution.Value] : [],
                        Detail = JsonSerializer.Serialize(
                            NotificationDetail.From(notification, settings),
                            NotificationDetailDocuments.Default.NotificationDetail
                        ),
                    },
                ],
            }
        );
        var entry = answer.Entries is [var first, ..] ? first : null;
        return answer.FailedEntryCount is > 0 || entry?.ErrorCode is not null
            ? (null, $"{entry?.ErrorCode ?? "EventBridge did not take the event"}: {entry?.ErrorMessage}")
            : (entry?.EventId, null);
    }
}
