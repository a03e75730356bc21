using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Steps;

/// <summary>Writes down why something failed before the failure leaves the function, so that whoever settles knows the cause.</summary>
public sealed class Failures(LedgerTable ledger)
{
    /// <summary>Runs something and records a failure in the deployment's record.</summary>
    public async Task<T> Recorded<T>(DeploymentId deployment, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (DeployerException exception) when (!exception.IsTransient)
        {
            await Record(deployment, exception);
            throw;
        }
    }

    /// <summary>Records the failure of a step's task, and closes its waits.</summary>
    public async Task Record(StepRun run, DeployerException exception)
    {
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
        await Record(run.Deployment.Deployment, exception);
    }

    private Task Record(DeploymentId deployment, DeployerException exception) =>
        ledger.Change(
            DeploymentRecord.Key(deployment),
            present => present is null ? throw exception : present with { Error = exception.Error, Cause = exception.Message }
        );
}
