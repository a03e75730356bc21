using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Accounts;
using Deployer.Functions.Checks;
using Deployer.Functions.Ledger;
using Deployer.Functions.Logs;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Pipeline;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Resume;

/// <summary>
/// The function that events reach. It runs the same judgement as the task that waits and answers only what has ended,
/// so duplicate, late and disordered events are harmless, and a lost one costs a heartbeat. What nobody waits for may be a change by
/// others.
/// </summary>
public sealed class ResumeHandlers(
    Settings settings,
    LedgerTable ledger,
    StepRuns runs,
    WaitingTask waiting,
    StepKindRegistry kinds,
    ChangeNotes changes,
    PipelineStops stops
)
{
    /// <summary>
    /// Looks at every step that waits for what the event is about, and notes changes by others than the deployer. A pipeline that was
    /// stopped ends the wait of its deployment for the lock.
    /// </summary>
    [LambdaFunction(ResourceName = "ResumeFunction")]
    public Task Resume(SettledEvent input, ILambdaContext context)
    {
        if (input is null)
        {
            return Task.CompletedTask;
        }

        var scope = new LogScope(deployment: null) { Account = input.Account };
        return context.Logged(scope, () => ResumeAll(input, context, scope));
    }

    private async Task ResumeAll(SettledEvent input, ILambdaContext context, LogScope scope)
    {
        if (IsForeign(input, context))
        {
            context.CountIgnored(EventMetrics.ForeignAccount, input.Time ?? DateTimeOffset.UnixEpoch);
            return;
        }

        if (PipelineStops.Concerns(input))
        {
            foreach (var deployment in await stops.EndWaits(input))
            {
                context.Write(new LogScope(deployment), "its pipeline was stopped; it does not wait for the lock any more");
            }

            return;
        }

        if (input.Source == TestEvent.Source)
        {
            await TestEventCheck.NoteArrival(ledger, input);
        }

        var waitedFor = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in kinds.ResourcesOf(input))
        {
            if (await Resume(resource, input, context, scope))
            {
                waitedFor.Add(resource);
            }
        }

        if (await changes.Note(input, waitedFor) is var noted && noted == NotedEvent.Unknown && waitedFor.Count == 0)
        {
            context.CountIgnored(EventMetrics.UnknownResource, input.Time!.Value);
        }
    }

    /// <summary>
    /// Whether an event is of an account that is neither the deployer's own, whose builds it hears of, nor one that it may deploy to. The
    /// policy of the bus keeps such events away; what passes it all the same is not believed.
    /// </summary>
    private bool IsForeign(SettledEvent input, ILambdaContext context) =>
        input.Account is { } account && !settings.AllowedTargets.Contains(account) && account != context.OwnAccount();

    private async Task<bool> Resume(string resource, SettledEvent input, ILambdaContext context, LogScope scope)
    {
        var waits = await ledger.Query(WaitRecord.All(resource));
        foreach (var wait in waits)
        {
            scope.LookAt(wait);
            using var run = await runs.Resume(wait);
            if (run is null || kinds.WaitingTask(run.Record.Kind, wait.Task) is not { } work)
            {
                await ledger.Delete(WaitRecord.Key(resource, wait.Deployment, wait.Step, wait.Task));
                continue;
            }

            context.Write(run.LogScope(), $"an event about {resource}");
            await waiting.Resume(work, run, wait, work.Events.Any(source => source.SaysEnd(input)));
        }

        scope.LookAt(null);
        return waits.Count > 0;
    }
}
