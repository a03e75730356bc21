using System.Text.Json;
using Amazon.EventBridge.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Checks;

/// <summary>
/// Puts an event onto the default bus of the target's account, and waits for it at the function that a deployment's events reach.
/// </summary>
public sealed class TestEventCheck(Settings settings, LedgerTable ledger) : IWaitingCheck
{
    /// <inheritdoc/>
    public string Name => "test-event";

    /// <inheritdoc/>
    public bool NeedsTarget => true;

    /// <summary>AWS delivers within seconds: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html.</summary>
    public int Patience => 30;

    /// <inheritdoc/>
    public async Task<string?> Begin(CheckRun run)
    {
        await ledger.Put(
            TestEvent.Key(run.Id),
            new TestEvent { Check = run.Id },
            run.Account.EnteredAt is { } entered
                ? new DateTimeOffset(entered.ToUniversalTime(), TimeSpan.Zero) + LedgerTable.Lifetime
                : null
        );
        using var events = run.Account.Connection().OpenEventBridge(run.Account.Region);
        var answer = await events.PutEventsAsync(
            new PutEventsRequest
            {
                Entries =
                [
                    new PutEventsRequestEntry
                    {
                        Source = TestEvent.Source,
                        DetailType = TestEvent.DetailType,
                        Detail = JsonSerializer.Serialize(new TestEventDetail(run.Id), TestEventDocuments.Default.TestEventDetail),
                    },
                ],
            }
        );
        return answer.FailedEntryCount is null or 0
            ? run.Id
            : throw new AwsRefusedException($"PutEvents was refused: {answer.Entries[0].ErrorCode}: {answer.Entries[0].ErrorMessage}");
    }

    /// <inheritdoc/>
    public async Task<CheckResult?> ReadBegun(CheckRun run, string begun, bool isGivenUp)
    {
        if ((await ledger.Read(TestEvent.Key(begun)))?.HasArrived == true)
        {
            return CheckResult.Ok(Name, "an event from the target's account has arrived");
        }

        return isGivenUp
            ? CheckResult.Problem(
                Name,
                $"an event from account {run.Target.Account} has not arrived within {Patience} seconds",
                "see what event-bus, event-rules and forwarding-rule say; what the bus refused is in the queue "
                    + $"deployer-{settings.Stage}-undelivered-events of account {run.Target.Account}, and what the bus took and no "
                    + $"function in deployer-{settings.Stage}-failed-events"
            )
            : null;
    }

    /// <summary>Notes that an event has arrived.</summary>
    /// <param name="ledger">The records.</param>
    /// <param name="settled">The event.</param>
    public static async Task NoteArrival(LedgerTable ledger, SettledEvent settled)
    {
        if (
            settled.Detail.ValueKind == JsonValueKind.Object
            && settled.Detail.TryGetProperty("check", out var check)
            && check.GetString() is { } id
            && await ledger.Read(TestEvent.Key(id)) is { HasArrived: false } sent
        )
        {
            await ledger.Put(TestEvent.Key(id), sent with { HasArrived = true });
        }
    }
}
