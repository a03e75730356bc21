using Amazon.Runtime;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Functions.Lock;

/// <summary>
/// Brings the records in line with an execution that has closed in whichever way: its waits are closed, its lock is freed, its error and
/// cause are recorded. Exactly what was seen to end is settled, by its redrive count: a redrive that came meanwhile keeps what it has.
/// Doing it again changes nothing.
/// </summary>
public sealed class Settling(LedgerTable ledger, Executions executions, Notifier notifier, Remedies remedies)
{
    /// <summary>
    /// How long Step Functions has to know nothing of an execution until it counts as deleted. <c>DescribeExecution</c> is eventually
    /// consistent, within seconds; what was deleted is known never again.
    /// </summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    /// <summary>The characters that are kept of why one could not be settled.</summary>
    private const int MostOfProblem = 2_000;

    private const string DoesNotExist = "ExecutionDoesNotExist";

    private readonly EndNotifications _notifications = new(notifier, remedies);

    /// <summary>Settles an execution if it has closed.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="redriveCount">The redrive count with which it has to have closed, at least.</param>
    /// <returns>Whether it has closed. One of which nothing is known has not: it may just have been started.</returns>
    public Task<bool> Settle(ExecutionArn execution, int redriveCount = 0) =>
        SettleOrKeepProblem(
            execution.Deployment,
            async () =>
            {
                var standing = await executions.Standing(execution);
                if (!standing.HasEnded(redriveCount))
                {
                    return false;
                }

                await Settle(execution, standing);
                return true;
            }
        );

    /// <summary>Settles an execution of whose end an event reports.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="end">When it ended, by the event.</param>
    /// <returns>Whether it has closed; a redrive may have begun since.</returns>
    /// <exception cref="NotYetException">
    /// Step Functions does not show this end yet. Lambda hands the event on again after one and after two more minutes,
    /// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html; then it is left to the sweep.
    /// </exception>
    public async Task<bool> Settle(ExecutionArn execution, DateTimeOffset end)
    {
        var hasEnded = await SettleOrKeepProblem(execution.Deployment, () => SettleSince(execution, end));
        return hasEnded ?? throw new NotYetException($"Step Functions does not show yet that {execution} ended at {end:O}");
    }

    private async Task<bool?> SettleSince(ExecutionArn execution, DateTimeOffset end)
    {
        var standing = await executions.Standing(execution);
        if (!standing.IsSince(end))
        {
            return null;
        }

        var hasEnded = standing.HasEnded();
        if (hasEnded)
        {
            await Settle(execution, standing);
        }

        return hasEnded;
    }

    /// <summary>
    /// Settles a deployment of the sweep's list if its execution has closed, or has been unknown to Step Functions for so long that it was
    /// deleted.
    /// </summary>
    /// <param name="open">The entry of the list.</param>
    /// <param name="now">The time that the schedule's event has.</param>
    /// <returns>Whether it is settled.</returns>
    public Task<bool> Settle(OpenDeployment open, DateTimeOffset now) => SettleOrKeepProblem(open.Deployment, () => SettleOpen(open, now));

    private async Task<bool> SettleOpen(OpenDeployment open, DateTimeOffset now)
    {
        var standing = await executions.Standing(open.Execution);
        if (standing.Phase == ExecutionPhase.NotKnown && open.UnknownSince is { } since && now - since >= Forgotten)
        {
            standing = new ExecutionStanding(
                ExecutionPhase.Failed,
                EndNotifications.Deleted,
                DoesNotExist,
                $"the execution {open.Execution} no longer exists"
            );
        }

        if (standing.HasEnded())
        {
            await Settle(open.Execution, standing);
            return true;
        }

        var unknownSince = standing.Phase == ExecutionPhase.NotKnown ? open.UnknownSince ?? now : (DateTimeOffset?)null;
        if (unknownSince != open.UnknownSince || open.Problem is not null)
        {
            await ledger.Change(
                OpenDeployment.Key(open.Deployment),
                present => (present ?? open) with { UnknownSince = unknownSince, Problem = null }
            );
        }

        return false;
    }

    /// <summary>
    /// Writes down why a deployment could not be settled: until a later try can, it keeps its lock and its waits, and nobody would know
    /// why.
    /// </summary>
    private async Task<T> SettleOrKeepProblem<T>(DeploymentId deployment, Func<Task<T>> settle)
    {
        try
        {
            return await settle();
        }
        catch (Exception exception)
        {
            await KeepProblem(deployment, Failure.Translate(exception));
            throw;
        }
    }

    private async Task KeepProblem(DeploymentId deployment, DeployerException failure)
    {
        try
        {
            if (await ledger.Read(OpenDeployment.Key(deployment)) is { } open)
            {
                await ledger.Change(
                    OpenDeployment.Key(deployment),
                    present => (present ?? open) with { Problem = CauseText.Shorten($"{failure.Error}: {failure.Message}", MostOfProblem) }
                );
            }
        }
        catch (AmazonServiceException)
        {
            // What kept it from being settled is reported, and not that it could not be written down.
        }
    }

    /// <summary>Closes what is left of the waits of tasks; those of a redrive that came meanwhile stay.</summary>
    /// <param name="tasks">The tasks of a deployment.</param>
    /// <param name="redriveCount">The redrive count with which its execution ends.</param>
    public async Task StopWaiting(IReadOnlyList<TaskRecord> tasks, int redriveCount)
    {
        foreach (var task in tasks)
        {
            foreach (var resource in task.Waits)
            {
                await ledger.Delete(
                    WaitRecord.Key(resource, task.Deployment, task.Step, task.Task),
                    wait => wait.RedriveCount <= redriveCount
                );
            }
        }
    }

    /// <summary>Frees the lock and closes the deployment's record; an error that the failing function recorded itself stays.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count with which its execution ends.</param>
    /// <param name="succeeded">Whether it reached its end with success.</param>
    /// <param name="error">The error that Step Functions has.</param>
    /// <param name="cause">The cause that Step Functions has.</param>
    /// <param name="notification">The notification that is sent of a success, by the function that knows what was done.</param>
    /// <returns>The lock as it is then.</returns>
    public async Task<LockRecord> Close(
        DeploymentRecord deployment,
        int redriveCount,
        bool succeeded,
        string? error,
        string? cause,
        NotificationKind? notification = null
    )
    {
        var closed = await ledger.Change(
            DeploymentRecord.Key(deployment.Deployment),
            present =>
            {
                var record = present ?? deployment;
                var count = redriveCount == EndNotifications.Deleted ? record.RedriveCount : redriveCount;
                if (record.RedriveCount > count || (record.Closed && record.Succeeded == succeeded && record.RedriveCount == count))
                {
                    return record;
                }

                // What was recorded in an earlier run of the execution is not why this one failed.
                var isOwn = record.Error is not null && record.RedriveCount == count;
                return record with
                {
                    RedriveCount = count,
                    Closed = true,
                    Succeeded = succeeded,
                    HadNothingToDo = succeeded ? deployment.HadNothingToDo : null,
                    Error =
                        succeeded ? null
                        : isOwn ? record.Error
                        : error,
                    Cause =
                        succeeded ? null
                        : isOwn ? record.Cause
                        : cause,
                    RemedySubject = !succeeded && isOwn ? record.RemedySubject : null,
                };
            }
        );
        var released = await Release(deployment, redriveCount);
        await _notifications.Note(closed, redriveCount, succeeded, notification);

        // Last: until then the sweep does again what a function that died has not done.
        await ledger.Delete(OpenDeployment.Key(deployment.Deployment), open => open.RedriveCount <= redriveCount);
        return released;
    }

    /// <summary>
    /// Lists the deployment for the sweep again when a redrive has brought it back to life: before it may own the lock, so that no lock is
    /// held by what nobody looks after.
    /// </summary>
    /// <param name="deployment">The deployment's record as it was read.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    public async Task Reopen(DeploymentRecord deployment, int redriveCount)
    {
        if (!IsReopened(deployment))
        {
            return;
        }

        await List(deployment, redriveCount);
        await ledger.Change(
            DeploymentRecord.Key(deployment.Deployment),
            present =>
            {
                var record = present ?? deployment;
                return !IsReopened(record)
                    ? record
                    : record with
                    {
                        RedriveCount = redriveCount,
                        Closed = false,
                        Error = null,
                        Cause = null,
                        RemedySubject = null,
                    };
            }
        );

        bool IsReopened(DeploymentRecord record) => record.RedriveCount < redriveCount;
    }

    /// <summary>Lists a deployment for the sweep; a function that is late does not take a redrive of it from the list.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    public Task List(DeploymentRecord deployment, int redriveCount) =>
        ledger.Change(
            OpenDeployment.Key(deployment.Deployment),
            present =>
                present is not null && present.RedriveCount >= redriveCount
                    ? present
                    : new OpenDeployment(deployment.Deployment, deployment.Execution, redriveCount)
        );

    /// <summary>
    /// Lists the owner of a lock of whose execution nothing is known, so that the sweep finds out whether it was deleted.
    /// </summary>
    public Task Watch(LockHolder owner) =>
        ledger.Change(
            OpenDeployment.Key(owner.Deployment),
            present => present ?? new OpenDeployment(owner.Deployment, owner.Execution, owner.RedriveCount)
        );

    /// <summary>Refuses a <c>Begin</c> that wrote the deployment's record after its execution had been settled.</summary>
    /// <exception cref="ExecutionEndedException">It was; the record is closed then.</exception>
    public async Task RefuseEnded(DeploymentRecord deployment, int redriveCount)
    {
        if (await ledger.Read(ExecutionEnd.Key(deployment.Deployment)) is { } end && end.RedriveCount >= redriveCount)
        {
            await Settle(deployment.Execution, redriveCount);
            throw new ExecutionEndedException($"the execution of deployment {deployment.Deployment} has ended before it was recorded");
        }
    }

    /// <summary>Settles an execution as it was seen to have ended.</summary>
    public async Task Settle(ExecutionArn execution, ExecutionStanding standing)
    {
        var deployment = execution.Deployment;
        if (await Record(deployment, standing.RedriveCount) is { } record)
        {
            await StopWaiting(await ledger.Query(TaskRecord.All(deployment)), standing.RedriveCount);
            await Close(record, standing.RedriveCount, standing.Succeeded, standing.Error, standing.Cause);
        }
        else
        {
            await _notifications.NoteRefused(execution, standing);
            await ledger.Delete(OpenDeployment.Key(deployment), open => open.RedriveCount <= standing.RedriveCount);
        }
    }

    /// <summary>
    /// The deployment's record. Where there is none, the end is written down first for a <c>Begin</c> that is still on its way.
    /// </summary>
    private async Task<DeploymentRecord?> Record(DeploymentId deployment, int redriveCount)
    {
        var key = DeploymentRecord.Key(deployment);
        if (await ledger.Read(key) is { } record)
        {
            return record;
        }

        await ledger.Change(
            ExecutionEnd.Key(deployment),
            present => present is not null && present.RedriveCount >= redriveCount ? present : new ExecutionEnd(redriveCount)
        );
        return await ledger.Read(key);
    }

    private async Task<LockRecord> Release(DeploymentRecord deployment, int redriveCount)
    {
        LockHolder? next = null;
        var released = await ledger.Change(
            LockRecord.Key(deployment.Service, deployment.Target),
            present => (present ?? new LockRecord()).Release(deployment, redriveCount, out next)
        );
        if (next is { Token: { } token })
        {
            await executions.Succeed(token, Executions.BeginAnswer(next.Deployment));
        }

        return released;
    }
}
