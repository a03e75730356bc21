using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Deployer.Functions.Checks;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Logs;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Resume;

/// <summary>
/// The function that events reach. It runs the same judgement as the task that waits and answers only what has ended,
/// so duplicate, late and disordered events are harmless, and a lost one costs a heartbeat.
/// </summary>
public sealed class ResumeHandlers(LedgerTable ledger, StepRuns runs, WaitingTask waiting, StepKindRegistry kinds)
{
    /// <summary>Looks at every step that waits for what the event is about.</summary>
    [LambdaFunction(ResourceName = "ResumeFunction")]
    public Task Resume(SettledEvent input, ILambdaContext context) =>
        input is null
            ? Task.CompletedTask
            : Failure.Translated(async () =>
            {
                if (input.Source == TestEvent.Source)
                {
                    await TestEventCheck.Arrived(ledger, input);
                }

                foreach (var resource in kinds.ResourcesOf(input))
                {
                    await Resume(resource, context);
                }
            });

    private async Task Resume(string resource, ILambdaContext context)
    {
        foreach (var wait in await ledger.Query(WaitRecord.All(resource)))
        {
            using var run = await runs.Resume(wait);
            if (run is null || kinds.WaitingTask(run.Record.Kind, wait.Task) is not { } work)
            {
                await ledger.Delete(WaitRecord.Key(resource, wait.Deployment, wait.Step, wait.Task));
                continue;
            }

            context.Write(run.LogScope(), $"an event about {resource}");
            await waiting.Resume(work, run, wait);
        }
    }
}
