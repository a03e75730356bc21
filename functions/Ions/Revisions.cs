using Amazon.DynamoDBv2.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>
/// The record of the revisions that were pushed: this stage's own, and, to compare with, that of the stage which this one
/// promotes from.
/// </summary>
public sealed class Revisions(IAws aws, Settings settings, LedgerTable ledger) : IReleasedCommits
{
    private const int ShortestPrefix = 7;
    private const int MostListed = 20;

    /// <summary>The stage that this one promotes from; empty where there is none.</summary>
    public string EarlierStage => settings.EarlierStage;

    /// <summary>The revisions of a service on a target, the newest first.</summary>
    public async Task<IReadOnlyList<PushedRevision>> On(string service, string target) =>
        [.. (await Query(ledger, service)).Where(revision => revision.Target == target)];

    /// <summary>
    /// The revisions of a service on the targets of the stage that this one promotes from, the newest first; none where there is no
    /// such stage.
    /// </summary>
    public async Task<IReadOnlyList<PushedRevision>> EarlierStageRevisions(string service)
    {
        if (settings.EarlierStage.Length == 0)
        {
            return [];
        }

        try
        {
            return await Query(new LedgerTable(aws, settings with { Table = settings.EarlierTable }), service);
        }
        catch (ResourceNotFoundException)
        {
            // The earlier stage has no deployer yet, so it has released nothing.
            return [];
        }
    }

    /// <summary>Finds what to go back to: the revision of each step that ran at a commit, or that has a name.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target.</param>
    /// <param name="to">The revision's name or its first characters, at least <see cref="ShortestPrefix"/>.</param>
    /// <param name="steps">The steps that are asked for; none for all.</param>
    /// <exception cref="SpecInvalidException">It is not known, or not the only one that begins so.</exception>
    public async Task<EarlierRelease> Find(string service, string target, string to, IReadOnlyList<string> steps)
    {
        var known = (await On(service, target)).Where(revision => steps.Count == 0 || steps.Contains(revision.Step)).ToList();
        var releases = (await Releases(service, target))
            .Where(release => steps.Count == 0 || release.Steps.Keys.Any(steps.Contains))
            .ToList();
        var all = known.Select(revision => revision.Name).Concat(releases.Select(release => release.Commit)).Distinct().ToList();
        var names = all.FindAll(name => name == to);
        if (names.Count == 0 && to.Length >= ShortestPrefix)
        {
            names = all.FindAll(name => name.StartsWith(to, StringComparison.Ordinal));
        }

        return names.Count == 1
            ? Earlier(names[0], known, releases.Find(release => release.Commit == names[0]), steps)
            : throw new SpecInvalidException(
                (
                    names.Count == 0 && to.Length < ShortestPrefix && all.Exists(name => name.StartsWith(to, StringComparison.Ordinal))
                        ? $"'{to}' is too short to name a revision; expected its name or at least {ShortestPrefix} of its first characters"
                    : names.Count == 0 ? $"revision '{to}' was never deployed to {target} by this deployer"
                    : $"'{to}' begins {string.Join(" and ", names)}"
                )
                    + (
                        all.Count == 0
                            ? "; no revision is known"
                            : $"; known: {string.Join(", ", all.Take(MostListed).Select(name => Words(name, known, releases)))}"
                    )
            );
    }

    private static EarlierRelease Earlier(
        string name,
        IReadOnlyList<PushedRevision> known,
        CommitRelease? release,
        IReadOnlyList<string> steps
    )
    {
        var ran = (release?.Steps ?? new Dictionary<string, string>()).Where(step => steps.Count == 0 || steps.Contains(step.Key)).ToList();
        List<PushedRevision> revisions =
        [
            .. ran.Select(step => known.FirstOrDefault(revision => revision.Step == step.Key && revision.Name == step.Value))
                .OfType<PushedRevision>(),
            // What was pushed alone, or deployed by a version that kept no record of the commit.
            .. known.Where(revision => revision.Name == name && ran.TrueForAll(step => step.Key != revision.Step)),
        ];
        return new EarlierRelease(
            name,
            release?.Commit ?? revisions[0].Commit,
            release?.Source ?? revisions[0].Source,
            [.. revisions.OrderByDescending(revision => revision.At, StringComparer.Ordinal)]
        );
    }

    private static string Words(string name, IReadOnlyList<PushedRevision> known, IReadOnlyList<CommitRelease> releases) =>
        known.FirstOrDefault(revision => revision.Name == name)?.ToString() ?? releases.First(release => release.Commit == name).ToString();

    /// <summary>The record of the step's revision that a rollback goes back to; <see langword="null"/> for another deployment.</summary>
    public async Task<PushedRevision?> GoneBackTo(StepRun run) =>
        run.Deployment.RollbackTo is { } name
            ? await ledger.Read(
                PushedRevision.RecordKey(
                    run.Deployment.Service,
                    run.Name,
                    (await ledger.Read(CommitRelease.Key(run.Deployment.Service, run.Target.Name, name)))?.Steps.GetValueOrDefault(run.Name)
                        ?? name,
                    run.Target.Name
                )
            )
            : null;

    /// <summary>
    /// The commit that a rollback has to name for a step to go back to a revision and for nothing else to go further back: the last one
    /// that was deployed with that revision; the revision's own name where no record says that.
    /// </summary>
    public async Task<string> WayBack(StepRun run, string revision) =>
        (await Releases(run.Deployment.Service, run.Target.Name))
            .FirstOrDefault(release => release.Steps.GetValueOrDefault(run.Name) == revision)
            ?.Commit
        ?? revision;

    /// <inheritdoc/>
    public async Task KeepRelease(DeploymentRecord deployment, IReadOnlyList<(string Name, IStepKind Kind)> steps)
    {
        if (deployment is not { Revision: { } commit } || (deployment.RollbackTo is { } back && back != commit))
        {
            return;
        }

        var known = await On(deployment.Service, deployment.Target);
        var released = await ledger.Query(ReleasedStep.All(deployment.Service, deployment.Target));
        var ran = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, kind) in steps)
        {
            if (released.FirstOrDefault(step => step.Step == name) is { } step && NameOf(kind, step, known) is { } revision)
            {
                ran[name] = revision;
            }
        }

        if (ran.Count > 0)
        {
            await ledger.Change(
                CommitRelease.Key(deployment.Service, deployment.Target, commit),
                present => new CommitRelease
                {
                    Commit = commit,
                    Source = deployment.Digest,
                    Deployment = deployment.Deployment,
                    Number = deployment.Number,
                    // A deployment of some steps says nothing of the others.
                    Steps = (present?.Steps ?? ran)
                        .Where(step => !ran.ContainsKey(step.Key))
                        .Concat(ran)
                        .ToDictionary(step => step.Key, step => step.Value, StringComparer.Ordinal),
                }
            );
        }
    }

    private static string? NameOf(IStepKind kind, ReleasedStep released, IReadOnlyList<PushedRevision> known) =>
        kind.ReleasedRevision(released)
        ?? known
            .FirstOrDefault(revision =>
                revision.Step == released.Step
                && (
                    revision.Deployment == released.Deployment
                    || revision.ReleasedBy == released.Deployment
                    || revision.ReleasedAgainBy?.Contains(released.Deployment) == true
                )
            )
            ?.Name;

    /// <summary>The commits that were deployed to a target, the one that was deployed last first.</summary>
    private async Task<IReadOnlyList<CommitRelease>> Releases(string service, string target) =>
        [.. (await ledger.Query(CommitRelease.All(service, target))).OrderByDescending(release => release.Number)];

    /// <summary>Keeps a revision.</summary>
    public Task Keep(string service, PushedRevision revision) =>
        ledger.Put(PushedRevision.RecordKey(service, revision.Step, revision.Name, revision.Target), revision);

    /// <summary>Keeps a revision that a deployment has released, with who did so before.</summary>
    public Task KeepReleased(string service, PushedRevision revision) =>
        ledger.Change(PushedRevision.RecordKey(service, revision.Step, revision.Name, revision.Target), revision.ReleasedAfter);

    /// <summary>Notes that a deployment has released a revision. What only a development instance has run was not released.</summary>
    /// <param name="run">The step.</param>
    /// <param name="name">The revision's name.</param>
    /// <param name="wasLive">Whether it was live before, so that the deployment has only found it.</param>
    public async Task Release(StepRun run, string name, bool wasLive = false)
    {
        var (key, by) = (PushedRevision.RecordKey(run.Deployment.Service, run.Name, name, run.Target.Name), run.Deployment.Deployment);
        if (run.Target.Instance is not null || await ledger.Read(key) is not { } pushed)
        {
            return;
        }

        if (pushed.ReleasedBy is null)
        {
            await ledger.Put(key, pushed with { ReleasedBy = by });
        }
        else if (!wasLive && pushed.ReleasedBy != by && pushed.Deployment != by)
        {
            await ledger.Put(key, (pushed with { Deployment = by }).ReleasedAfter(pushed));
        }
    }

    /// <summary>
    /// Why the ions of a step may not be deployed here yet; <see langword="null"/> when they may: the stage before released them, or the
    /// target itself did, or the step allows it. A development instance may have anything.
    /// </summary>
    public async Task<string?> NotPromoted(StepRun run)
    {
        if (
            settings.EarlierStage.Length == 0
            || run.Target.Instance is not null
            || run.Deployment.RollbackTo is not null
            || run.Step<IonsStep>().AllowUnpromoted
        )
        {
            return null;
        }

        var (service, content) = (run.Deployment.Service, IonInputs.Content(run));
        var name = run.Deployment.Revision ?? content;
        return
            Promotion.Lacking(run.Name, name, content, await On(service, run.Target.Name)) is null
            || Promotion.Lacking(run.Name, name, content, await EarlierStageRevisions(service)) is not { } lacking
            ? null
            : $"revision {name} {lacking} in stage {settings.EarlierStage}, which {settings.Stage} promotes from; "
                + $"release it there first, or give step '{run.Name}' allowUnpromoted: true";
    }

    private static async Task<IReadOnlyList<PushedRevision>> Query(LedgerTable ledger, string service) =>
        [.. (await ledger.Query(PushedRevision.All(service))).OrderByDescending(revision => revision.At, StringComparer.Ordinal)];
}
