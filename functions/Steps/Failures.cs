using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;

namespace Deployer.Functions.Steps;

/// <summary>Writes down why something failed before the failure leaves the function, so that whoever settles knows the cause.</summary>
public sealed class Failures(LedgerTable ledger, Settling settling)
{
    /// <summary>Runs something and records a failure in the deployment's record.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <param name="work">What is done.</param>
    public Task<T> Recorded<T>(DeploymentId deployment, int redriveCount, Func<Task<T>> work) =>
        Recorded(work, failure => RecordDeployment(deployment, redriveCount, failure));

    /// <summary>
    /// Runs something and records a failure in the plan's record. Nobody settles a plan, which holds nothing: a redrive of it is not
    /// listed for the sweep.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <param name="work">What is done.</param>
    public Task<T> RecordedOfPlan<T>(DeploymentId plan, int redriveCount, Func<Task<T>> work) =>
        Recorded(
            work,
            async failure =>
            {
                if (await ledger.Read(DeploymentRecord.Key(plan)) is { } record)
                {
                    await Write(record, redriveCount, failure);
                }
            }
        );

    private static async Task<T> Recorded<T>(Func<Task<T>> work, Func<DeployerException, Task> record)
    {
        DeployerException failure;
        try
        {
            return await work();
        }
        catch (Exception exception)
        {
            failure = Failure.Translate(exception);
        }

        if (!failure.IsTransient)
        {
            await Try(failure, () => record(failure));
        }

        throw failure;
    }

    /// <summary>Records the failure of a step's task, and closes its waits.</summary>
    /// <param name="run">The step.</param>
    /// <param name="redriveCount">The redrive count of the execution.</param>
    /// <param name="exception">Why it failed.</param>
    public Task Record(StepRun run, int redriveCount, DeployerException exception) =>
        Try(exception, () => RecordAll(run, redriveCount, exception));

    private async Task RecordAll(StepRun run, int redriveCount, DeployerException exception)
    {
        var keepsRunning = exception is TargetBusyException or SupersededException or StepTimedOutException { IsLost: false };
        await run.Save(
            run.Record with
            {
                // Work that outlasted its limit still runs: a redrive adopts it instead of beginning again, unless it can only fail.
                State = keepsRunning ? run.Record.State : TaskState.Failed,
                Error = exception.Error,
                Cause = exception.Message,
            }
        );
        await run.StopWaiting();
        await RecordDeployment(run.Deployment.Deployment, redriveCount, exception);
    }

    /// <summary>
    /// What cannot be recorded for now is tried again with the whole task; what cannot be recorded at all leaves the function as the
    /// failure that it is, and Step Functions keeps it.
    /// </summary>
    private static async Task Try(DeployerException exception, Func<Task> record)
    {
        if (exception is ExecutionEndedException)
        {
            return;
        }

        DeployerException failure;
        try
        {
            await record();
            return;
        }
        catch (Exception thrown)
        {
            failure = Failure.Translate(thrown);
        }

        if (failure.IsTransient)
        {
            throw failure;
        }
    }

    private async Task RecordDeployment(DeploymentId deployment, int redriveCount, DeployerException exception)
    {
        if (await ledger.Read(DeploymentRecord.Key(deployment)) is not { } record)
        {
            return;
        }

        await settling.Reopen(record, redriveCount);
        await Write(record, redriveCount, exception);
    }

    private Task Write(DeploymentRecord record, int redriveCount, DeployerException exception) =>
        ledger.Change(
            DeploymentRecord.Key(record.Deployment),
            present =>
                // The first failure ends the execution; what runs beside it and fails later is not why. A redrive has none yet.
                present is null
                || present.RedriveCount > redriveCount
                || (present.Error is not null && present.RedriveCount == redriveCount)
                    ? present ?? record
                    : present with
                    {
                        RedriveCount = redriveCount,
                        Error = exception.Error,
                        Cause = exception.Message,
                        RemedySubject = exception.RemedySubject,
                    }
        );
}
