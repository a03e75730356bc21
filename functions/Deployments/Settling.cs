namespace Deployer.Functions.Deployments;

/// <summary>
/// Brings the records in line with an execution that has closed in whichever way: its waits are closed, its lock is
/// freed, its error and cause are recorded. Doing it again changes nothing.
/// </summary>
public sealed class Settling(Ledger ledger, Executions executions)
{
    /// <summary>Settles an execution if it has closed.</summary>
    /// <returns>Whether it has closed.</returns>
    public async Task<bool> Settle(string execution)
    {
        var standing = await executions.Standing(execution);
        if (standing.Running)
        {
            return false;
        }

        var deployment = Executions.Name(execution);
        var record = await ledger.Read(Ledger.DeploymentKey(deployment), Documents.Default.DeploymentRecord);
        if (record is not null)
        {
            foreach (var step in await ledger.Query(Ledger.DeploymentKey(deployment).Partition, "STEP#", Documents.Default.StepRecord))
            {
                foreach (var resource in step.Waits)
                {
                    await ledger.Delete(Ledger.WaitKey(resource, deployment, step.Step));
                }
            }

            await Close(record, standing.Succeeded, standing.Error, standing.Cause);
        }

        await ledger.Delete(Ledger.OpenKey(deployment));
        return true;
    }

    /// <summary>Frees the lock and closes the deployment's record; an error that the failing function recorded itself stays.</summary>
    public async Task Close(DeploymentRecord deployment, bool succeeded, string? error, string? cause)
    {
        await Release(deployment);
        await ledger.Change(
            Ledger.DeploymentKey(deployment.Deployment),
            Documents.Default.DeploymentRecord,
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
        await ledger.Delete(Ledger.OpenKey(deployment.Deployment));
    }

    /// <summary>Lists the deployment for the sweep again after a redrive brought it back to life.</summary>
    public async Task Reopen(DeploymentRecord deployment)
    {
        if (!deployment.Closed)
        {
            return;
        }

        await ledger.Put(
            Ledger.OpenKey(deployment.Deployment),
            Documents.Default.OpenDeployment,
            new OpenDeployment(deployment.Deployment, deployment.Execution)
        );
        await ledger.Change(
            Ledger.DeploymentKey(deployment.Deployment),
            Documents.Default.DeploymentRecord,
            present => (present ?? deployment) with { Closed = false, Error = null, Cause = null }
        );
    }

    private async Task Release(DeploymentRecord deployment)
    {
        LockHolder? next = null;
        await ledger.Change(
            Ledger.LockKey(deployment.Service, deployment.Target),
            Documents.Default.LockRecord,
            present =>
            {
                var state = present ?? new LockRecord();
                next = null;
                if (state.Waiter?.Deployment == deployment.Deployment)
                {
                    state = state with { Waiter = null };
                }

                if (state.Owner?.Deployment == deployment.Deployment)
                {
                    next = state.Waiter;
                    state = state with { Owner = next is null ? null : next with { Token = null }, Waiter = null };
                }

                return state == present ? present! : state;
            }
        );
        if (next is { Token: { } token })
        {
            await executions.Succeed(token, Begin.Answer(next.Deployment));
        }
    }
}
