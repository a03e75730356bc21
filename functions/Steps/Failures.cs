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
    public async Task<T> Recorded<T>(DeploymentId deployment, int redriveCount, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DeployerException exception) when (!exception.IsTransient)
        {
            await Record(deployment, redriveCount, exception);
            throw;
        }
    }

    /// <summary>Records the failure of a step's task, and closes its waits.</summary>
    /// <param name="run">The step.</param>
    /// <param name="redriveCount">The redrive count of the execution.</param>
    /// <param name="exception">Why it failed.</param>
    public async Task Record(StepRun run, int redriveCount, DeployerException exception)
    {
        if (exception is ExecutionEndedException)
        {
            return;
        }

        await run.StopWaiting();
        var goesOn = exception is TargetBusyException or SupersededException or StepTimedOutException { IsLost: false };
        await run.Save(
            run.Record with
            {
                // Work that outlasted its limit still runs: a redrive adopts it instead of beginning again, unless it can only fail.
                State = goesOn ? run.Record.State : TaskState.Failed,
                Error = exception.Error,
                Cause = exception.Message,
                Waits = [],
            }
        );
        await Record(run.Deployment.Deployment, redriveCount, exception);
    }

    private async Task Record(DeploymentId deployment, int redriveCount, DeployerException exception)
    {
        if (exception is ExecutionEndedException || await ledger.Read(DeploymentRecord.Key(deployment)) is not { } record)
        {
            return;
        }

        await settling.Reopen(record, redriveCount);
        await ledger.Change(
            DeploymentRecord.Key(deployment),
            present =>
                present is null || present.RedriveCount > redriveCount
                    ? present ?? record
                    : present with
                    {
                        Error = exception.Error,
                        Cause = exception.Message,
                    }
        );
    }
}
