using Amazon.StepFunctions.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// Has ion-dev deploy the revision, waits for the execution of <c>datomic-GROUP</c>, judges what really runs, and watches it for a
/// while where that is asked for.
/// </summary>
public sealed class DeployWork(IonBuilds builds, LedgerTable ledger, Revisions revisions, Executions executions) : IStepWork
{
    private static readonly TimeSpan PerNode = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lambdas = TimeSpan.FromMinutes(5);

    /// <summary>A look that is so much later than the first one that found a failure confirms it.</summary>
    public static readonly TimeSpan TimeUntilFailed = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public string Task => "deploy";

    /// <inheritdoc/>
    public IReadOnlyList<EventSource> Events { get; } =
    [IonEvents.Builds, IonEvents.Executions, IonEvents.Deployments, IonEvents.Instances];

    /// <summary>
    /// Ten minutes for each node, one after another, and five for the Lambdas (research: 20 s to several minutes a node); a bake ends
    /// by itself.
    /// </summary>
    public TimeSpan Limit(StepRun run) =>
        run.Record.Phase == IonPhases.Bake ? TimeSpan.MaxValue : LimitFor(run.Record.Kept<DeployProgress>().Nodes ?? 1);

    /// <summary>The limit for a group with so many nodes.</summary>
    public static TimeSpan LimitFor(int nodes) => (PerNode * Math.Max(1, nodes)) + Lambdas;

    /// <inheritdoc/>
    public async Task<Outcome> Advance(StepRun run)
    {
        if (run.Record.Phase == IonPhases.Build && await builds.EndedBeforeRedrive(run))
        {
            await run.BeginAgain();
        }

        // Written on an earlier entry, before the build was asked for: the build may exist already, whatever became of that entry.
        var search = run.Record.Phase == IonPhases.Build;
        var push = await Push(run);
        var judge = new IonJudge(
            run.Account,
            run.Text(run.Step<IonsStep>().Group),
            push.Kept<PushProgress>().Name!,
            IonFiles.Config(run),
            ReleasedLambdas(run)
        );
        if (run.Record.Phase is null && await Begin(run, judge) is { } waits)
        {
            return waits;
        }

        if (run.Record.Phase == IonPhases.Build && await WaitForBuild(run, push, judge, search) is { } ended)
        {
            return ended;
        }

        if (run.Record.Phase == IonPhases.Bake)
        {
            return await Bake(run, push, judge, run.Waited);
        }

        var outcome =
            run.Record.Phase == IonPhases.Deploy
                ? await judge.Judge(run.Record.Resource!, run.Record.Kept<DeployProgress>().Redrives ?? 0)
                : new Outcome.Succeeded(StepAction.None);
        if (outcome is not Outcome.Succeeded)
        {
            return await Confirmed(run, outcome);
        }

        if (run.Step<IonsStep>().Bake is not null && !run.Deployment.Remove && !IsReleased(run, judge.Revision))
        {
            await run.Save(run.Record with { Phase = IonPhases.Bake, State = TaskState.Running });
            return await Bake(run, push, judge, TimeSpan.Zero);
        }

        await Release(run, push);
        return outcome;
    }

    /// <summary>
    /// A failure counts when a later look finds one too: lists of executions and deployments may be older than what they list
    /// (docs/how-it-works.md, "Reads that may be late"). Several events at once are one look.
    /// </summary>
    private static async Task<Outcome> Confirmed(StepRun run, Outcome outcome)
    {
        var since = run.Record.Kept<DeployProgress>().FailedSince;
        if (outcome is not Outcome.Failed failed)
        {
            if (since is not null)
            {
                await run.Save(run.Record.Keep<DeployProgress>(kept => kept with { FailedSince = null }));
            }

            return outcome;
        }

        if (since is null)
        {
            await run.Save(run.Record.Keep<DeployProgress>(kept => kept with { FailedSince = run.Account.EnteredAt }));
        }

        return run.Since(since) >= TimeUntilFailed ? outcome : new Outcome.Running(failed.Cause.Message, IsLost: true);
    }

    /// <summary>
    /// Chooses the cheapest way: nothing, when the group is live; an execution of this revision that runs already is adopted,
    /// another one's is waited for; one that has only the Lambdas left goes on; else ion-dev deploys.
    /// </summary>
    private async Task<Outcome?> Begin(StepRun run, IonJudge judge)
    {
        var present = await judge.GroupInstances();
        var nodes = Math.Max(1, Math.Max(present.InService, present.Desired));
        await run.Save(run.Record.Keep<DeployProgress>(kept => kept with { Group = judge.Group, Nodes = nodes }));
        if (await judge.IsLive())
        {
            return null;
        }

        var found = await judge.GroupInstances();
        if (found.AreOff)
        {
            return new Outcome.Failed(await IonPreflight.OffFailure(run, IonFiles.Config(run).AppName, judge.Group, ledger));
        }

        if (await WaitForInstances(run, judge, found) is { } coming)
        {
            return coming;
        }

        var ofGroup = new IonExecutions(run.Account, judge.Group);
        if (await ofGroup.Running() is { } running)
        {
            await run.WaitFor(running.ExecutionArn);
            if (!ofGroup.IsOf(running, judge.Revision))
            {
                await run.Save(run.Record with { State = TaskState.Running });
                return new Outcome.Running(
                    $"execution {running.Name} of datomic-{judge.Group}, which deploys something else, is {running.Status}"
                );
            }

            await run.Save(run.Record with { Phase = IonPhases.Deploy, Resource = running.ExecutionArn, State = TaskState.Running });
        }
        else if (await judge.FindFailedAtLambdas() is { } half)
        {
            await run.WaitFor(half);
            await ofGroup.Redrive(half);
            await run.Save(
                run.Record.Keep<DeployProgress>(kept => kept with { Redrives = 1 }) with
                {
                    Phase = IonPhases.Deploy,
                    Resource = half,
                    State = TaskState.Running,
                }
            );
        }
        else
        {
            await run.Save(run.Record with { Phase = IonPhases.Build });
        }

        return null;
    }

    /// <summary>
    /// Waits for instances that are on their way, as after a group was turned on by hand. CodeDeploy fails a deployment to none with
    /// NO_INSTANCES, and gives one that comes during a deployment the revision before at first:
    /// https://docs.aws.amazon.com/codedeploy/latest/userguide/integrations-aws-auto-scaling.html. Where some are in service and others
    /// do not come in the time of a node, those in service get the revision: what keeps the others away may be what it mends.
    /// </summary>
    private static async Task<Outcome?> WaitForInstances(StepRun run, IonJudge judge, GroupInstances found)
    {
        var since = run.Record.Kept<DeployProgress>().ComingSince;
        if (!found.AreComing || (found.InService > 0 && since is not null && run.Since(since) >= PerNode))
        {
            if (since is not null)
            {
                await run.Save(run.Record.Keep<DeployProgress>(kept => kept with { ComingSince = null }));
            }

            return null;
        }

        await run.Save(
            run.Record.Keep<DeployProgress>(kept => kept with { ComingSince = since ?? run.Account.EnteredAt }) with
            {
                State = TaskState.Running,
            }
        );
        foreach (var scaling in found.ScalingGroups)
        {
            await run.WaitFor(IonEvents.Scaling(run.Account.Account, run.Account.Region, scaling));
        }

        return new Outcome.Running($"{found.InService} of {found.Desired} instances of {judge.Group} are in service");
    }

    private async Task<Outcome?> WaitForBuild(StepRun run, TaskRecord push, IonJudge judge, bool search)
    {
        if (run.Record.Resource is null)
        {
            var argument =
                $"{{:op :deploy :group \"{judge.Group}\" {push.Kept<PushProgress>().Key} \"{judge.Revision}\" "
                + $":region \"{run.Target.Region}\"}}";
            await builds.Begin(run, IonDevOperation.Deploy, argument, clone: false, search);
        }

        var result = await builds.ReadResult(
            run,
            IonDevOperation.Deploy,
            answer => answer.ExecutionArn is not null,
            message => new IonsDeployFailedException(message)
        );
        if (result is BuildResult.Unfinished(var unfinished))
        {
            return unfinished;
        }

        var execution = ((BuildResult.Finished)result).Answer.ExecutionArn!;
        await run.WaitFor(execution);
        await run.Save(run.Record with { Phase = IonPhases.Deploy, Resource = execution, State = TaskState.Running });
        return null;
    }

    /// <summary>
    /// The bake: each entry looks for trouble, so that the first one ends it; the last one looks whether the revision is live still.
    /// </summary>
    private async Task<Outcome> Bake(StepRun run, TaskRecord push, IonJudge judge, TimeSpan waited)
    {
        var live = $"revision {judge.Revision} is live on {judge.Group}";
        var bake = run.Step<IonsStep>().Bake!;
        var finding = await new BakeWatch(run.Account, judge.Group, bake).FindTrouble(await BakesFrom(run));
        if (finding.Trouble is { } trouble)
        {
            return await BakeFailed(run, judge, $"{live} and {trouble}");
        }

        if (waited < bake.Window)
        {
            return new Outcome.Running($"{live} and bakes");
        }

        if (!await judge.IsLive())
        {
            return await BakeFailed(
                run,
                judge,
                $"revision {judge.Revision} was live on {judge.Group}, but no longer at the end of its bake"
            );
        }

        await run.Save(run.Record with { Notices = finding.Unwatched });
        await Release(run, push);
        return new Outcome.Succeeded(run.Record.Resource is null ? StepAction.None : StepAction.Released);
    }

    /// <summary>
    /// Since when trouble counts: since the ions were deployed, or, where this deployment found them live, since it was started or
    /// redriven. By AWS's clock; what was before a redrive is known to whoever redrives.
    /// </summary>
    private async Task<DateTime> BakesFrom(StepRun run)
    {
        var deployed = run.Record.Resource is { } execution
            ? (await run.Account.StepFunctions.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution })).StopDate
            : null;
        // What made an earlier run fail is known: a redrive bakes again.
        var began =
            deployed is null || run.Record.RedriveCount > 0
                ? await executions.Began(run.Deployment.Execution, run.Record.RedriveCount)
                : null;
        var from = began is null || deployed > began ? deployed : began;
        return from ?? throw new InvalidOperationException("an execution that has ended has a time at which it did");
    }

    private async Task<Outcome> BakeFailed(StepRun run, IonJudge judge, string what)
    {
        if (run.LastRelease?.Kept<ReleasedIons>().Name is not { } former || former == judge.Revision)
        {
            return new Outcome.Failed(
                new IonsBakeFailedNoWayBackException($"{what}; no earlier revision is recorded to go back to; redrive to bake it again")
            );
        }

        var back = await revisions.WayBack(run, former);
        return new Outcome.Failed(
            new IonsBakeFailedException($"{what}; go back with {RollbackHint.Command(back)}, or redrive to bake it again")
            {
                RemedySubject = back,
            }
        );
    }

    /// <summary>The names of the Lambdas that the last release had; none when nothing was released.</summary>
    internal static IReadOnlyList<string> ReleasedLambdas(StepRun run) => run.LastRelease?.Kept<ReleasedIons>().Lambdas ?? [];

    private static bool IsReleased(StepRun run, string revision) => run.LastRelease?.Kept<ReleasedIons>().Name == revision;

    private async Task Release(StepRun run, TaskRecord push)
    {
        var wasLive = run.Record.Resource is null;
        await revisions.Release(run, push.Kept<PushProgress>().Name!, wasLive);
        await run.Release(
            new ReleasedStep
            {
                Deployment = run.Deployment.Deployment,
                Inputs = IonInputs.Digest(run),
                Resource = push.Kept<PushProgress>().Name!,
            }.Keep(
                new ReleasedIons
                {
                    Key = push.Kept<PushProgress>().Key,
                    Name = push.Kept<PushProgress>().Name,
                    Lambdas = [.. IonFiles.Config(run).Lambdas.Select(lambda => lambda.FunctionName(run.Text(run.Step<IonsStep>().Group)))],
                }
            ),
            wasFound: wasLive
        );
    }

    private async Task<TaskRecord> Push(StepRun run) =>
        await ledger.Read(TaskRecord.Key(run.Deployment.Deployment, run.Name, PushWork.TaskName))
        ?? throw new InvalidOperationException($"step '{run.Name}' was not pushed");
}
