using System.Text.Json;
using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.DevelopmentInstances;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.OutsideChanges;
using Deployer.Functions.Steps;
using Deployer.Spec;

namespace Deployer.Functions.Deployments;

/// <summary>The end of a deployment that succeeded: the success is recorded, the lock is freed.</summary>
public sealed class Finish(
    IAws aws,
    LedgerTable ledger,
    StepRuns runs,
    StepKindRegistry kinds,
    Sources sources,
    InstanceRegistry instances,
    IReleasedCommits releases,
    ChangeWatch watch,
    Proof proof,
    TargetLock targetLock,
    Settling settling,
    SupersededPlans superseded,
    Failures failures
)
{
    private const int NoticeLength = 1000;

    /// <summary>
    /// The most bytes of notices in the execution's output, which has a limit of 262,144 bytes
    /// (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
    /// </summary>
    private const int NoticesBytes = 200_000;

    /// <summary>Finishes a deployment; doing it again does nothing more.</summary>
    /// <exception cref="NotYetException">A redrive compares the steps once more, and has not come to the end.</exception>
    public async Task<DeploymentEnd> Run(DeploymentInput input)
    {
        await ProveAgain(input);
        return await Close(input);
    }

    /// <summary>
    /// A redrive enters the state that failed or was stopped, which may be this one: what was compared in an earlier run of the execution,
    /// any time before, is compared again. Where the state before this one has just done so, its records say that; an execution of a
    /// version that compared nothing has none.
    /// </summary>
    private async Task ProveAgain(DeploymentInput input)
    {
        if (input.RedriveCount == 0)
        {
            return;
        }

        var deployment = await runs.Deployment(input.Deployment);
        if (deployment is { Closed: true, Succeeded: true } && deployment.RedriveCount == input.RedriveCount)
        {
            return;
        }

        var tasks = await ledger.Query(TaskRecord.All(deployment.Deployment));
        if (tasks.Any(task => Proof.IsOpen(task, input.RedriveCount)) && !(await proof.Run(input)).Proven)
        {
            throw new NotYetException("the steps are being compared once more after a redrive");
        }
    }

    private Task<DeploymentEnd> Close(DeploymentInput input) =>
        failures.Recorded(
            input.Deployment,
            input.RedriveCount,
            async () =>
            {
                var deployment = await runs.Deployment(input.Deployment);
                var tasks = await ledger.Query(TaskRecord.All(deployment.Deployment));
                var worked = tasks.Where(task => task.Action is not (null or StepAction.None)).Select(task => task.Step).ToHashSet();
                IReadOnlyList<string> untouched = [];
                switch (deployment.Purpose)
                {
                    case DeploymentPurpose.RemoveInstance:
                        await Forget(deployment, input.RedriveCount);
                        break;
                    case DeploymentPurpose.Deploy or DeploymentPurpose.RollBack:
                        untouched = await Close(deployment, [.. tasks.Where(task => task.Task != Proof.Task).Select(task => task.Step)]);
                        break;
                    case DeploymentPurpose.ChangeCapacity when deployment.Capacity == CapacityChange.On:
                        await watch.KeepNumber(deployment);
                        break;
                    case DeploymentPurpose.ChangeCapacity:
                        break;
                }

                await settling.StopWaiting(tasks, input.RedriveCount);
                IReadOnlyList<DriftLook> drift = deployment.Drift is null ? [] : await ledger.Query(DriftLook.All(deployment.Deployment));
                var kind =
                    deployment is { Purpose: DeploymentPurpose.RemoveInstance, Expired: true } ? NotificationKind.InstanceRemoved
                    : worked.Count > 0 ? NotificationKind.Succeeded
                    : NotificationKind.NothingToDo;
                var held = await settling.Close(
                    deployment with
                    {
                        HadNothingToDo = worked.Count == 0,
                    },
                    input.RedriveCount,
                    succeeded: true,
                    error: null,
                    cause: null,
                    kind
                );
                if (held.WaitingPlan is { } waiting)
                {
                    await superseded.SendForDeployment(waiting, deployment);
                }

                return new DeploymentEnd(
                    deployment.Deployment,
                    deployment.Service,
                    deployment.Target,
                    deployment.Revision,
                    worked.Count > 0 ? DeploymentOutcome.Succeeded : DeploymentOutcome.NothingToDo,
                    AsManyAsFit(
                        untouched
                            .Concat(tasks.SelectMany(task => task.NoticesWithStep))
                            .Concat(drift.SelectMany(look => look.NoticesWithStep))
                    )
                );
            }
        );

    /// <summary>As many notices as an output holds, as JSON writes them: a character may be six bytes.</summary>
    internal static IReadOnlyList<string> AsManyAsFit(IEnumerable<string> notices)
    {
        var fitting = new List<string>();
        var left = NoticesBytes;
        foreach (var notice in notices.Select(notice => CauseText.Shorten(notice, NoticeLength)))
        {
            left -= JsonEncodedText.Encode(notice).EncodedUtf8Bytes.Length + "\"\",".Length;
            if (left < 0)
            {
                break;
            }

            fitting.Add(notice);
        }

        return fitting;
    }

    /// <summary>Only as the owner of the lock: what a newer deployment has released since is not forgotten.</summary>
    private async Task Forget(DeploymentRecord removal, int redriveCount)
    {
        if (!removal.Succeeded)
        {
            await targetLock.Ensure(removal, redriveCount);
            await instances.Forget(removal);
        }
    }

    /// <returns>What has to be known of steps that were not part of it.</returns>
    private async Task<IReadOnlyList<string>> Close(DeploymentRecord deployment, HashSet<string> ran)
    {
        using var source = await sources.Read(deployment);
        var target = source.Target(deployment);
        var closings = source
            .Spec.Steps.Where(step => ran.Contains(step.Name))
            .Select(step => (step.Name, Close: kinds.Find(step.Kind).AfterSuccess(step)))
            .Where(closing => closing.Close is not null)
            .ToList();
        var toWatch = await watch.Steps(deployment, source, ran);
        IReadOnlyList<string> watched = [];
        if (closings.Count > 0 || toWatch.Count > 0 || deployment.FollowedBy is not null)
        {
            using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
            foreach (var (step, close) in closings)
            {
                await close!(await runs.OpenToRead(deployment, source, step, "publish", account));
            }

            watched = await watch.Watch(deployment, source, toWatch, account);
            if (deployment.FollowedBy is { } followers && account.EnteredAt is { } entered)
            {
                await watch.LookAgain(deployment, followers, new DateTimeOffset(entered.ToUniversalTime(), TimeSpan.Zero));
            }
        }

        await watch.Keep(deployment, source, watched);
        if (target.Instance is null)
        {
            await releases.KeepRelease(deployment, [.. source.Graph(deployment).Steps.Select(step => (step.Name, kinds.Find(step.Kind)))]);
        }

        return await UntouchedSteps.Notices(ledger, deployment, source.Spec);
    }
}
