using Deployer.Functions.Ledger;

namespace Deployer.Functions.Lock;

/// <summary>
/// Brings the records in line with an execution that has closed in whichever way: its waits are closed, its lock is
/// freed, its error and cause are recorded. Doing it again changes nothing.
/// </summary>
public sealed class Settling(LedgerTable ledger, Executions executions)
{
    /// <summary>Settles an execution if it has closed.</summary>
    /// <returns>Whether it has closed.</returns>
    public async Task<bool> Settle(ExecutionArn execution)
    {
        var standing = await executions.Standing(execution);
        if (standing.Running)
        {
            return false;
        }

        var deployment = execution.Deployment;
        var record = await ledger.Read(DeploymentRecord.Key(deployment));
        if (record is not null)
        {
            foreach (var task in await ledger.Query(TaskRecord.All(deployment)))
            {
                foreach (var resource in task.Waits)
                {
                    await ledger.Delete(WaitRecord.Key(resource, deployment, task.Step, task.Task));
                }
            }

            await Close(record, standing.Succeeded, standing.Error, standing.Cause);
        }

        await ledger.Delete(OpenDeployment.Key(deployment));
        return true;
    }

    /// <summary>Frees the lock and closes the deployment's record; an error that the failing function recorded itself stays.</summary>
    public async Task Close(DeploymentRecord deployment, bool succeeded, string? error, string? cause)
    {
        await Release(deployment);
        await ledger.Change(
            DeploymentRecord.Key(deployment.Deployment),
            present =>
            {
                var record = present ?? deployment;
                return record.Closed && record.Succeeded == succeeded
                    ? record
                    : record with
                    {
                        Closed = true,
                        Succeeded = succeeded,
                        Error = succeeded ? null : record.Error ?? error,
                        Cause = succeeded ? null : record.Cause ?? cause,
                    };
            }
        );
        await ledger.Delete(OpenDeployment.Key(deployment.Deployment));
    }

    /// <summary>Lists the deployment for the sweep again after a redrive brought it back to life.</summary>
    public async Task Reopen(DeploymentRecord deployment)
    {
        if (!deployment.Closed)
        {
            return;
        }

        await ledger.Put(OpenDeployment.Key(deployment.Deployment), new OpenDeployment(deployment.Deployment, deployment.Execution));
        await ledger.Change(
            DeploymentRecord.Key(deployment.Deployment),
            present => (present ?? deployment) with { Closed = false, Error = null, Cause = null }
        );
    }

    private async Task Release(DeploymentRecord deployment)
    {
        LockHolder? next = null;
        await ledger.Change(
            LockRecord.Key(deployment.Service, deployment.Target),
            present => (present ?? new LockRecord()).Release(deployment, out next)
        );
        if (next is { Token: { } token })
        {
            await executions.Succeed(token, Executions.BeginAnswer(next.Deployment));
        }
    }
}
