using Amazon.Lambda.Core;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Logs;

namespace Deployer.Functions.Steps;

/// <summary>
/// Runs the work behind a task that waits: makes sure of the lock, advances, and answers the token when the work has ended.
/// </summary>
public sealed class WaitingTask(StepTask task, TargetLock targetLock, Executions executions, Failures failures)
{
    private const string NoOutput = "{}";

    /// <summary>
    /// For so long after an event that says that something has ended it is looked for again and again; after that it was an event of
    /// another operation, and the next one or the heartbeat is waited for.
    /// </summary>
    public static readonly TimeSpan TimeUntilShown = TimeSpan.FromMinutes(1);

    /// <summary>One entry of the state: the first one, one after an expired heartbeat, or one after a redrive.</summary>
    public Task<TaskDone> Enter(IStepWork work, TaskInput input, ILambdaContext context)
    {
        var scope = input.LogScope(work.Task);
        return context.Logged(scope, () => Enter(work, input, scope, context));
    }

    private Task<TaskDone> Enter(IStepWork work, TaskInput input, LogScope scope, ILambdaContext context) =>
        task.Run(
            input,
            work.Task,
            async run =>
            {
                scope.Account = run.Target.Account;
                if (run.Record.State == TaskState.Failed)
                {
                    // An event's judgement reached the record but not the token: the answer is owed still.
                    await executions.Fail(Token(run), run.Record.Error ?? "Failed", run.Record.Cause ?? string.Empty);
                    return new TaskDone(TaskOutcome.Failed);
                }

                var outcome =
                    run.Record.State == TaskState.Succeeded
                        ? new Outcome.Succeeded(run.Record.Action ?? StepAction.None)
                        : await Advance(work, run, input);
                context.Write(
                    scope,
                    outcome is Outcome.Running running
                        ? $"Running: {string.Join("; ", running.Reasons.Prepend(running.What))}"
                        : outcome.GetType().Name
                );
                switch (outcome)
                {
                    case Outcome.Running { WaitsFor: null } early when run.Record.EndSaidAt is { } said && run.Since(said) < TimeUntilShown:
                        throw new NotYetException(Early(early));
                    case Outcome.Succeeded succeeded:
                        await Succeed(run, succeeded);
                        return new TaskDone(TaskOutcome.Succeeded);
                    case Outcome.Failed failed:
                        throw failed.Cause;
                    default:
                        return new TaskDone(TaskOutcome.Running);
                }
            }
        );

    /// <summary>
    /// An event about what the token waits for. Answers only when the work has ended; does nothing for an execution that has ended itself
    /// and does not own the lock any more.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="run">The step.</param>
    /// <param name="wait">Who waits.</param>
    /// <param name="saysEnd">
    /// Whether the event says that what is waited for has ended. A look that finds it running all the same was answered with what was
    /// before (docs/how-it-works.md, "Reads that may be late"): the state looks again within seconds, and not with the next heartbeat.
    /// </param>
    public async Task Resume(IStepWork work, StepRun run, WaitRecord wait, bool saysEnd = false)
    {
        if (run.Record.State != TaskState.Running || !await targetLock.IsOwnedBy(run.Deployment, wait.RedriveCount))
        {
            return;
        }

        var (resource, phase) = (run.Record.Resource, run.Record.Phase);

        DeployerException failure;
        try
        {
            switch (await Advance(work, run))
            {
                case Outcome.Succeeded succeeded:
                    await Succeed(run, succeeded);
                    return;
                case Outcome.Failed failed:
                    failure = failed.Cause;
                    break;
                // What went on to something else waits for that.
                case Outcome.Running { WaitsFor: null } running
                    when saysEnd && (run.Record.Resource, run.Record.Phase) == (resource, phase):
                    await run.Save(run.Record with { EndSaidAt = run.Account.EnteredAt });
                    failure = new NotYetException(Early(running));
                    break;
                default:
                    return;
            }
        }
        catch (DeployerException judgement)
        {
            failure = judgement;
        }
        catch (Exception exception)
        {
            // An event's function may only look; what goes on from here, the task does itself, with a role of its own.
            failure = new AwsUnavailableException($"{Failure.Translate(exception, run.Secrets).Message}; the task itself looks again");
        }

        failure.Hide(run.Secrets);
        if (!failure.IsTransient)
        {
            await failures.Record(run, wait.RedriveCount, failure);
        }

        // What is transient the state tries again within seconds, with a growing pause, instead of with the next heartbeat.
        await executions.Fail(Token(run), failure.Error, failure.Message);
    }

    private static string Early(Outcome.Running running) => $"an event says that it has ended, and {running.What}";

    private async Task<Outcome> Advance(IStepWork work, StepRun run, TaskInput input)
    {
        await targetLock.Ensure(run.Deployment, input.RedriveCount);
        await run.RenewWaits();
        var outcome = await Advance(work, run);
        var waited = run.Waited;
        return outcome is Outcome.Running running && waited >= work.Limit(run)
            ? new Outcome.Failed(
                new StepTimedOutException(
                    $"{running.What} after {waited.TotalMinutes:0} minutes; step '{run.Name}' waits at most "
                        + $"{work.Limit(run).TotalMinutes:0} minutes for what is still running; redrive the execution to "
                        + (running.IsLost ? "begin again once what is still running has ended" : "wait again")
                        + string.Concat(running.Reasons.Select(reason => $"\n{reason}")),
                    running.IsLost
                )
            )
            : outcome;
    }

    /// <summary>Work that goes on to something else is waited for anew.</summary>
    private static async Task<Outcome> Advance(IStepWork work, StepRun run)
    {
        var (resource, phase) = (run.Record.Resource, run.Record.Phase);
        var outcome = await work.Advance(run);
        if (outcome is Outcome.Running { WaitsFor: { } further } && !run.Record.Waits.Contains(further))
        {
            // Looked at once more after that, so that an event in between is not missed.
            await run.WaitFor(further);
            outcome = await work.Advance(run);
        }

        var another = run.Record.Resource != resource || run.Record.Phase != phase;
        if (outcome is Outcome.Running && (another || run.Record.WaitsSince is null))
        {
            await run.Save(run.Record with { WaitsSince = run.Account.EnteredAt });
        }

        return outcome;
    }

    private async Task Succeed(StepRun run, Outcome.Succeeded succeeded)
    {
        await run.Save(run.Record with { State = TaskState.Succeeded, Action = succeeded.Action });
        await run.StopWaiting();
        await executions.Succeed(Token(run), NoOutput);
    }

    private static string Token(StepRun run) => run.Token ?? throw new InvalidOperationException("what waits needs a task token");
}
