using Deployer.Functions.Accounts;
using Deployer.Functions.Approvals;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Notifications;
using Deployer.Spec;

namespace Deployer.Functions.OutsideChanges;

/// <summary>What a look has done.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Deployment">The deployment or the plan that it is about; <see langword="null"/> for none.</param>
public sealed record LookDone(string Text, DeploymentId? Deployment);

/// <summary>
/// Looks at the targets of which something was changed by others than the deployer, and does what the target's <c>onStackChange</c> says
/// where something is not as it was deployed. A look changes nothing itself.
/// </summary>
public sealed class ChangeLooks(
    Executions executions,
    Settings settings,
    LedgerTable ledger,
    TargetComparison comparison,
    NewerPlans newerPlans,
    Notifier notifier
)
{
    /// <summary>What a deployment that a look starts says of who asked for it.</summary>
    public const string By = "stack change";

    /// <summary>
    /// So long after the last change nothing is looked at: some reads of AWS may answer what was before it
    /// (docs/how-it-works.md, "Reads that may be late"), and a storm of events passes meanwhile.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(45);

    /// <summary>
    /// So long after the first change it is looked at although more come, as of a group that launches an instance every minute. What came
    /// within <see cref="Quiet"/> of such a look is looked at once more.
    /// </summary>
    public static readonly TimeSpan LongestStorm = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan LongestPlan = TimeSpan.FromHours(1);

    /// <summary>The targets at which a look is due, whose plan is not finished, or where one gave way to a plan.</summary>
    /// <param name="unreadable">Takes each record that cannot be read, with the reason; <see langword="null"/> to throw that.</param>
    public async Task<IReadOnlyList<PendingChange>> Due(Action<string, Exception>? unreadable = null) =>
        [
            .. (await ledger.Query(PendingChange.All, unreadable)).Where(change =>
                change.Changes.Count > 0 || change.Plan is not null || change.Awaited is not null
            ),
        ];

    /// <summary>Looks at a target, or goes on with the plan that an earlier look has begun.</summary>
    /// <param name="due">The target.</param>
    /// <param name="now">The time that the schedule's event has.</param>
    /// <returns><see langword="null"/> when there is nothing to do yet.</returns>
    public async Task<LookDone?> CheckTarget(PendingChange due, DateTimeOffset now)
    {
        if (due.Plan is { } plan && await Follow(due, plan, now) is { } followed)
        {
            return followed;
        }

        if (due is { Changes.Count: 0, Awaited: { } awaited } && await newerPlans.EndOf(due, awaited, now) is { Count: > 0 } ends)
        {
            due = await ledger.Change(PendingChange.Key(due.Service, due.Target), present => (present ?? due).Decided(awaited, ends));
        }

        if (due is not { FirstChange: { } first, LastChange: { } last } || (last > Settled(now) && now - first < LongestStorm))
        {
            return null;
        }

        if (await ledger.Read(LookRecord.Key(due.Service, due.Target, due.Number)) is { } made)
        {
            // Its function died before it wrote that the look has ended.
            return await Conclude(due, made);
        }

        var standing = await ledger.Read(LockRecord.Key(due.Service, due.Target)) ?? new LockRecord();
        if (standing.Owner is not null || await IsUnderWay(due))
        {
            // A deployment is not disturbed; what it leaves is looked at when it has ended.
            return null;
        }

        var looking = await ledger.Change(PendingChange.Key(due.Service, due.Target), present => (present ?? due).Looking());
        if (await Decide(looking, standing, now) is not { } look)
        {
            return null;
        }

        await Keep(looking, look);
        return await Conclude(looking, look);
    }

    /// <summary>Until when changes can be read for certain.</summary>
    private static DateTimeOffset Settled(DateTimeOffset now) => now - Quiet - PendingChange.MomentsApart;

    /// <summary>Whether a deployment to the target has begun and has not ended: while it looks for drift it holds no lock yet.</summary>
    private async Task<bool> IsUnderWay(PendingChange due)
    {
        foreach (var open in await ledger.Query(OpenDeployment.All))
        {
            // One that is listed and has no record yet may be to any target.
            if (
                await ledger.Read(DeploymentRecord.Key(open.Deployment)) is not { } begun
                || (begun.Service, begun.Target) == (due.Service, due.Target)
            )
            {
                return true;
            }
        }

        return false;
    }

    private static DeploymentId Named(PendingChange change, string what) =>
        new(Names.Execution($"{change.Service}-{change.Target}-{what}-{change.Number}"));

    private Task Keep(PendingChange change, LookRecord look) =>
        ledger.Put(LookRecord.Key(change.Service, change.Target, look.Number), look, look.At + LedgerTable.Lifetime);

    /// <summary>Compares, and decides what is done; <see langword="null"/> while something is on its way.</summary>
    private async Task<LookRecord?> Decide(PendingChange looking, LockRecord standing, DateTimeOffset now)
    {
        var look = new LookRecord
        {
            Number = looking.Number,
            At = now,
            Changes = looking.Changes,
            Result = LookResult.NothingDeployed,
        };
        if (await ledger.Read(DeployedSteps.Key(looking.Service, looking.Target)) is not { } deployed)
        {
            return look;
        }

        var policy = await comparison.Policy(deployed);
        if (policy == StackChangePolicy.Ignore)
        {
            return look with { Result = LookResult.Ignored };
        }

        if (await comparison.Differences(deployed) is not { } found)
        {
            return null;
        }

        if (found.Sentences.Count == 0)
        {
            return look with { Result = LookResult.NothingDiffers };
        }

        look = look with { Result = LookResult.Reported, Differences = found.Sentences };
        return await TurnedOff(standing, deployed) is { } reason ? look with { Reason = reason }
            : standing.Changed > deployed.Number
                ? look with
                {
                    Reason =
                        $"deployment number {standing.Changed} came after the last one that succeeded and has changed things, "
                        + "so that what differs may be its doing; "
                        + "'deployer history' lists it, 'deployer watch' says how to continue it; or deploy",
                }
            : policy == StackChangePolicy.Notify ? look
            : found.Unreadable ? look with { Reason = "not every step could be compared; another deployment brings back what was deployed" }
            : looking.Chain.Count >= deployed.Steps.Count
                ? look with
                {
                    Reason =
                        $"{looking.Chain.Count} deployments one after another, {looking.Chain[^1]} the last, have not brought back "
                        + "what was deployed: its steps use each other's outputs in a circle; deploy one file with all of them",
                }
            : found.Again is not { } again ? look
            : (again.Deployment.Approval ?? again.Target.Approval) is { } approval
            && await newerPlans.Waiting(looking, approval.ExpireAfter, now) is { } waiting
                ? look with
                {
                    Reason =
                        $"plan {waiting.Plan} of something newer waits to be approved and deployed, and what was deployed before is not "
                        + $"planned in its place; {WhatHelps(looking, waiting)}: once that is decided, the deployer looks again",
                    Awaited = new AwaitedPlan(waiting.Plan, approval.ExpireAfter),
                }
            : Again(looking, look, again, standing.LastNumber);
    }

    /// <summary>What people decide about a plan that waits: one that was begun before the change would be refused.</summary>
    private static string WhatHelps(PendingChange looking, NewestPlan waiting) =>
        // A change may be up to that much later than its record says.
        waiting.BegunAt
        >= looking.LastChange + PendingChange.MomentsApart
            ? "it was made after that change, so that what differs is what it looked at: approve it, or reject it"
            : "plan again, since it looked at what was there before, or reject it";

    /// <summary>
    /// That the deployer itself has turned compute groups off since: what runs in them differs by that, and nothing is deployed to them.
    /// </summary>
    private async Task<string?> TurnedOff(LockRecord standing, DeployedSteps deployed) =>
        standing.Changed > deployed.Number
        && standing.Changed == standing.LastNumber
        && standing.LastGivenTo is { } last
        && await ledger.Read(DeploymentRecord.Key(last)) is { Capacity: CapacityChange.Off, Succeeded: true } off
            ? $"the deployment {off.Deployment} has turned compute groups off; nothing is deployed before 'deployer group on'"
            : null;

    /// <summary>What was deployed last is deployed again: by a plan where the target needs an approval.</summary>
    private LookRecord Again(PendingChange looking, LookRecord look, DifferingDeployment again, long lastNumber)
    {
        var (deployment, target) = (again.Deployment, again.Target);
        var request = new DeploymentRequest(
            deployment.Service,
            target.Declared,
            Source: deployment.RollbackTo is null
                ? new SourceObject(settings.Bucket, Sources.Key(deployment.Service, deployment.Digest))
                : null,
            Revision: deployment.RollbackTo is null ? deployment.Revision : null,
            Steps: again.Steps,
            By: By,
            RollbackTo: deployment.RollbackTo,
            Instance: target.Instance,
            After: lastNumber,
            FollowedBy: again.FollowedBy.Count > 0 ? again.FollowedBy : null
        );
        // A rollback to a file without a rule was approved by another.
        return (deployment.Approval ?? target.Approval) is null
            ? look with
            {
                Result = LookResult.Redeployed,
                Deployment = Named(looking, "changed"),
                Request = request,
            }
            : look with
            {
                Result = LookResult.Planned,
                Plan = Named(looking, "changed-plan"),
                Request = request with { AsksForApproval = true },
            };
    }

    /// <summary>Starts what a look has decided, and writes down that the look has ended; doing it again starts nothing more.</summary>
    private async Task<LookDone> Conclude(PendingChange looking, LookRecord look)
    {
        await Notify(looking, look);
        if (look.Request is { } request)
        {
            await (
                look.Plan is { } plan
                    ? Start(DeployerMachine.Plan, plan, request)
                    : Start(DeployerMachine.Deploy, look.Deployment!, request)
            );
        }

        await ledger.Change(
            PendingChange.Key(looking.Service, looking.Target),
            present =>
                (present ?? looking) is var standing && standing.Number > look.Number
                    ? standing
                    : standing.Looked(look.Plan, Settled(look.At), continues: look.Request?.FollowedBy is not null, look.Awaited)
        );
        return new LookDone($"looked at {looking.Service} on {looking.Target}: {look.Result}", look.Deployment ?? look.Plan);
    }

    /// <summary>Sends what differs from what was deployed last, once for each look.</summary>
    private async Task Notify(PendingChange looking, LookRecord look)
    {
        if (
            look.Differences.Count == 0
            || look.Result is not (LookResult.Reported or LookResult.Redeployed or LookResult.Planned)
            || await ledger.Read(DeployedSteps.Key(looking.Service, looking.Target)) is not { } deployed
            || await ledger.Read(DeploymentRecord.Key(deployed.Last)) is not { } last
            || !Notifier.Wants(NotificationKind.StackChanged, last.Notifications)
        )
        {
            return;
        }

        await notifier.Send(
            last.NotificationOf(NotificationKind.StackChanged, NotificationVerdict.Changed) with
            {
                Subject = Named(looking, "look").Value,
                Occurrence = 0,
                // The last deployment is what differs from, and not what the notification is about: that is what the look starts.
                Execution = Started(look),
                Number = null,
                By = null,
                Pipeline = null,
                Plan = null,
                Changes = look.Differences,
                Events = look.Changes,
                Next = await Next(looking, look),
            },
            last.Notifications
        );
    }

    /// <summary>The execution that a look starts; <see langword="null"/> for one that only reports.</summary>
    private ExecutionArn? Started(LookRecord look) =>
        look.Deployment is { } deployment ? new ExecutionArn(settings.ExecutionPrefix(DeployerMachine.Deploy) + deployment)
        : look.Plan is { } plan ? new ExecutionArn(settings.ExecutionPrefix(DeployerMachine.Plan) + plan)
        : null;

    private async Task<NextAction> Next(PendingChange looking, LookRecord look)
    {
        if (look.Deployment is not null)
        {
            return new NextAction(
                look.Request?.FollowedBy is { } followers
                    ? $"What was deployed last is deployed again, and after it what of {string.Join(", ", followers)} differs:"
                    : "What was deployed last is deployed again:",
                $"deployer watch {Started(look)}"
            );
        }

        var instance = await ledger.Read(InstanceRecord.Key(looking.Service, looking.Target));
        return NextCommands.History(
            look.Plan is not null
                    ? "What was deployed last is planned again, and waits for an approval if somebody has to give one. What becomes of it"
                : look.Reason is { } reason
                    // It says what helps, and the target may have 'redeploy' already.
                    ? $"Nothing was started: {reason}. All looks and deployments"
                : "Nothing was started. Another deployment brings back what was deployed, or 'onStackChange: redeploy' does so by "
                    + "itself. All looks and deployments",
            looking.Service,
            instance?.Declared ?? looking.Target,
            instance?.Instance,
            settings
        );
    }

    /// <summary>
    /// Goes on with a plan: what needs no approval is deployed, what needs one waits for it, and what fails is written down.
    /// </summary>
    private async Task<LookDone?> Follow(PendingChange due, BegunPlan begun, DateTimeOffset now)
    {
        if (await ledger.Read(LookRecord.Key(due.Service, due.Target, begun.Look)) is not { } look)
        {
            await Forget();
            return null;
        }

        var plan = await ledger.Read(PlanRecord.Key(begun.Plan));
        switch (plan)
        {
            case null or { Digest: null }:
                if (await WhyNotFinished(begun.Plan, now - look.At) is not { } reason)
                {
                    return null;
                }

                look = look with { Result = LookResult.Reported, Reason = reason };
                break;
            case { Problems: > 0 }:
                look = look with { Result = LookResult.Reported, Reason = $"{plan.Problems} steps of plan {begun.Plan} would fail" };
                break;
            case { NeedsApproval.Count: > 0 }:
                look = look with { Reason = $"plan {begun.Plan} waits for an approval: {string.Join("; ", plan.NeedsApproval)}" };
                break;
            default:
                look = look with { Result = LookResult.Redeployed, Deployment = Named(due with { Number = begun.Look }, "changed") };
                await Start(
                    DeployerMachine.Deploy,
                    look.Deployment,
                    plan.Request with
                    {
                        Plan = begun.Plan.Value,
                        AsksForApproval = false,
                    }
                );
                break;
        }

        await Keep(due, look);
        await Forget();
        return new LookDone($"plan {begun.Plan}: {look.Result}", look.Deployment ?? begun.Plan);

        Task Forget() =>
            ledger.Change(
                PendingChange.Key(due.Service, due.Target),
                present => (present ?? due) is var standing && standing.Plan == begun ? standing with { Plan = null } : standing
            );
    }

    /// <summary>Why a plan that is not finished will not be; <see langword="null"/> while it may be.</summary>
    private async Task<string?> WhyNotFinished(DeploymentId plan, TimeSpan since)
    {
        var standing = await executions.Standing(new ExecutionArn(settings.ExecutionPrefix(DeployerMachine.Plan) + plan));
        return standing.Phase == ExecutionPhase.Failed
                ? $"plan {plan} failed: {standing.Error}{(standing.Cause is { } cause ? $": {cause}" : string.Empty)}"
            : since >= LongestPlan ? $"plan {plan} was not finished; see its execution"
            : null;
    }

    /// <summary>Starts an execution; one that was started before, which nobody had written down yet, is not started again.</summary>
    private Task Start(DeployerMachine machine, DeploymentId name, DeploymentRequest request) =>
        executions.StartOnce(settings.MachineArn(machine), name.Value, request);
}
