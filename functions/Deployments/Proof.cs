using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>
/// Compares every step of a deployment once more when all have run, and those that depend on them: a later step may have undone what an
/// earlier one did, and so may anybody else. Only then is the deployment a success. Nothing is changed.
/// </summary>
public sealed class Proof(
    IAws aws,
    LedgerTable ledger,
    StepRuns runs,
    Sources sources,
    StepKindRegistry kinds,
    TargetLock targetLock,
    Failures failures
)
{
    /// <summary>The task's name, which keys the records of the steps.</summary>
    public const string Task = "prove";

    /// <summary>
    /// A difference counts once every entry has found it for so long, by AWS's clock: some reads of AWS may answer what was before a write
    /// (docs/how-it-works.md, "Reads that may be late"). An entry that is tried again at once, as after a function that was killed, is no
    /// later look.
    /// </summary>
    public static readonly TimeSpan TimeUntilWrong = TimeSpan.FromSeconds(45);

    private const string Dependent = "dependent";

    private static readonly TimeSpan LimitWithoutWaits = TimeSpan.FromMinutes(10);

    /// <summary>One entry of the state: compares what was not compared yet.</summary>
    /// <returns>Whether all is compared; otherwise the state is entered again and goes on where it stopped.</returns>
    /// <exception cref="NotYetException">Something is on its way, or was found to differ for the first time.</exception>
    /// <exception cref="StepDiffersException">A step is not as it should be.</exception>
    /// <exception cref="StepTimedOutException">Something was on its way for longer than its step may take.</exception>
    public Task<ProofAnswer> Run(DeploymentInput input) =>
        failures.Recorded(
            input.Deployment,
            input.RedriveCount,
            async () =>
            {
                var deployment = await runs.Deployment(input.Deployment);
                if (deployment.Purpose is DeploymentPurpose.RemoveInstance or DeploymentPurpose.ChangeCapacity)
                {
                    // Their tasks judge all that they are about, and no step is to be as the file says.
                    return new ProofAnswer(Proven: true);
                }

                await targetLock.Ensure(deployment, input.RedriveCount);
                using var source = await sources.Read(deployment);
                var target = source.Target(deployment);
                using var account = await aws.Enter(target.Account, target.Region, Names.Session(deployment.Deployment.Value));
                var left = (await Records(deployment, source, input.RedriveCount)).Where(record => record.State != TaskState.Succeeded);
                var entry = new Entry();
                foreach (var record in left)
                {
                    var run = await runs.OpenToRead(deployment, source, record, account);
                    if (!await Compare(run, entry))
                    {
                        return new ProofAnswer(Proven: false);
                    }
                }

                await Judge(entry, input.RedriveCount);
                return new ProofAnswer(Proven: true);
            }
        );

    /// <summary>Notes that a step which is not part of a deployment is proven with it, because it depends on steps that are.</summary>
    /// <param name="step">The step, as it is before the deployment changes anything.</param>
    /// <param name="comparison">What comparing it gave.</param>
    public static Task AddDependent(StepRun step, Comparison comparison) =>
        step.Save(
            step.Record with
            {
                Phase = Dependent,
                State = comparison is Comparison.NoChanges or Comparison.NotComparable ? TaskState.Begun : TaskState.Succeeded,
                Notices = comparison switch
                {
                    Comparison.NoChanges or Comparison.NotComparable => [],
                    Comparison.KnownAfterApply unknown =>
                    [
                        "it depends on steps of this deployment and was not part of it; before they ran "
                            + $"{string.Join(", ", unknown.References)} had no value, so it was not compared after them",
                    ],
                    Comparison.NotReadable { Cause: var cause } =>
                    [
                        "it depends on steps of this deployment and was not part of it; before they ran it could not be compared "
                            + $"({cause.Message}), so it was not compared after them",
                    ],
                    _ => ["it depends on steps of this deployment, has changes itself and was not part of it: it was not compared"],
                },
            }
        );

    /// <summary>Notes that a step which depends on steps of a deployment is looked at after it, and not proven with it.</summary>
    /// <param name="step">The step.</param>
    public static Task AddFollower(StepRun step) =>
        step.Save(
            step.Record with
            {
                Phase = Dependent,
                State = TaskState.Succeeded,
                Notices =
                [
                    "it depends on steps of this deployment and was last deployed by another one: it is looked at after this deployment, "
                        + "and deployed again if it differs then",
                ],
            }
        );

    /// <summary>Whether a record says what was found in an earlier run of the execution, which a redrive has to find again.</summary>
    private static bool IsOfEarlierRun(TaskRecord record, int redriveCount) =>
        record.Task == Task && record.RedriveCount < redriveCount && (record.Phase is null || record.State != TaskState.Succeeded);

    /// <summary>Whether a step, by one of the proof's records, is still to be proven in this run of the execution.</summary>
    public static bool IsOpen(TaskRecord record, int redriveCount) =>
        record.Task == Task && (record.State != TaskState.Succeeded || IsOfEarlierRun(record, redriveCount));

    /// <summary>The records of the steps to prove, in the order of the file; a redrive proves them all again.</summary>
    private async Task<IReadOnlyList<TaskRecord>> Records(DeploymentRecord deployment, ServiceSource source, int redriveCount)
    {
        var kept = (await ledger.Query(TaskRecord.All(deployment.Deployment)))
            .Where(record => record.Task == Task)
            .ToDictionary(record => record.Step, StringComparer.Ordinal);
        return
        [
            .. source
                .Graph(deployment)
                .Steps.Select(step => step.Name)
                .Union(kept.Keys)
                .Select(step => kept.GetValueOrDefault(step) ?? Begun(step, phase: null))
                .Select(record => IsOfEarlierRun(record, redriveCount) ? Begun(record.Step, record.Phase) : record),
        ];

        TaskRecord Begun(string step, string? phase) =>
            new()
            {
                Deployment = deployment.Deployment,
                Step = step,
                Task = Task,
                Kind = source.Spec.Step(step)!.Kind,
                Phase = phase,
                RedriveCount = redriveCount,
            };
    }

    /// <summary>Compares a step, as far as this entry may read.</summary>
    /// <returns>Whether it was compared to its end.</returns>
    private async Task<bool> Compare(StepRun run, Entry entry)
    {
        var before = run.Record.Kept<ProofProgress>();
        var progress = new ComparisonProgress(before.Compared, ComparisonProgress.BatchReads, before.Listing);
        var isOver = false;
        try
        {
            var comparison = await kinds.Find(run.Record.Kind).Compare(run, progress);
            isOver = comparison is not Comparison.Unfinished;
            switch (comparison)
            {
                case Comparison.NoChanges:
                    await Succeed(run, progress.Notices);
                    return true;
                case Comparison.NotComparable uncertain:
                    await Succeed(run, [.. uncertain.Reasons.Select(reason => $"{reason}; it runs in every deployment")]);
                    return true;
                case Comparison.Unfinished:
                    return false;
                case Comparison.NotReadable { Cause: NotYetException underway }:
                    await run.Save(
                        run.Record.Keep<ProofProgress>(kept => kept with { DiffersSince = null }) with
                        {
                            WaitsSince = run.Record.WaitsSince ?? run.Account.EnteredAt,
                        }
                    );
                    entry.Underway.Add(new Finding(run, underway.Message));
                    return true;
                case Comparison.NotReadable unreadable:
                    await Differs(run, entry, unreadable.Cause.Message);
                    return true;
                case Comparison.Changes changes:
                    await Differs(run, entry, string.Join("; ", changes.Differences));
                    return true;
                case Comparison.KnownAfterApply unknown:
                    await Differs(run, entry, $"{string.Join(", ", unknown.References)} has no value");
                    return true;
                default:
                    throw new InvalidOperationException("a comparison has an unknown outcome");
            }
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets) is { IsTransient: false } failure)
        {
            isOver = true;
            failure.Hide(run.Secrets);
            await Differs(run, entry, failure.Message, isRefused: failure is AwsRefusedException);
            return true;
        }
        finally
        {
            // Also when a read was refused because there were too many: the next entry goes on from here.
            var listing = isOver ? null : progress.Listing;
            if (run.Record.State != TaskState.Succeeded && (progress.Compared.Count > before.Compared.Count || listing != before.Listing))
            {
                await run.Save(
                    run.Record.Keep<ProofProgress>(kept => kept with { Compared = [.. progress.Compared], Listing = listing }) with
                    {
                        Notices = [.. run.Record.Notices, .. progress.Notices],
                    }
                );
            }
        }
    }

    private static Task Succeed(StepRun run, IReadOnlyList<string> notices) =>
        run.Save(
            run.Record with
            {
                State = TaskState.Succeeded,
                Action = StepAction.None,
                Facts = null,
                Notices = [.. run.Record.Notices, .. notices],
            }
        );

    /// <param name="run">The step.</param>
    /// <param name="entry">Takes the difference.</param>
    /// <param name="difference">What differs.</param>
    /// <param name="isRefused">Whether AWS refused to say.</param>
    private static async Task Differs(StepRun run, Entry entry, string difference, bool isRefused = false)
    {
        await run.Save(run.Record.Keep<ProofProgress>(kept => kept with { DiffersSince = kept.DiffersSince ?? run.Account.EnteredAt }));
        entry.Different.Add(new Finding(run, difference, isRefused));
    }

    /// <summary>
    /// What is on its way is waited for; what differs is wrong once it has done so for long enough. All that is wrong is named together.
    /// </summary>
    private async Task Judge(Entry entry, int redriveCount)
    {
        foreach (var (run, what, _) in entry.Underway)
        {
            var waited = run.Waited;
            var limit = kinds
                .Find(run.Record.Kind)
                .WaitingTasks.Aggregate(LimitWithoutWaits, (longest, work) => work.Limit(run) is var own && own > longest ? own : longest);
            if (waited >= limit)
            {
                var late = new StepTimedOutException(
                    $"step '{run.Name}': {what} after {waited.TotalMinutes:0} minutes; a deployment waits at most "
                        + $"{limit.TotalMinutes:0} minutes at its end for what is still running; redrive the execution to wait again",
                    isLost: false
                );
                await failures.Record(run, redriveCount, late);
                throw late;
            }
        }

        var wrong = entry
            .Different.Where(found => found.Run.Since(found.Run.Record.Kept<ProofProgress>().DiffersSince) >= TimeUntilWrong)
            .ToList();
        if (wrong.Count > 0 && wrong.Count == entry.Different.Count && entry.Underway.Count == 0)
        {
            var exception = new StepDiffersException(
                string.Join('\n', wrong.Select(found => Sentence(found)))
                    + (
                        wrong.TrueForAll(found => found.IsRefused)
                            ? "; allow what was refused, then redrive the execution"
                            : "; see what changed it, then deploy again"
                    )
            );
            foreach (var found in wrong)
            {
                await failures.Record(found.Run, redriveCount, exception);
            }

            throw exception;
        }

        var open = entry.Underway.Concat(entry.Different).ToList();
        if (open.Count > 0)
        {
            throw new NotYetException(string.Join("; ", open.Select(found => $"step '{found.Run.Name}': {found.What}")));
        }
    }

    private static string Sentence(Finding found) =>
        found.IsRefused ? $"step '{found.Run.Name}' could not be compared with what was deployed: {found.What}"
        : found.Run.Record.Phase == Dependent
            ? $"step '{found.Run.Name}', which depends on steps of this deployment and was not part of it, is not as it was: {found.What}"
        : $"step '{found.Run.Name}' is not as it was deployed: {found.What}";

    /// <summary>What one entry found and could not prove.</summary>
    private sealed class Entry
    {
        public List<Finding> Underway { get; } = [];

        public List<Finding> Different { get; } = [];
    }

    /// <summary>Why a step is not proven; <see cref="IsRefused"/> where AWS refused to say.</summary>
    private sealed record Finding(StepRun Run, string What, bool IsRefused = false);
}
