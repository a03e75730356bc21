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
public sealed class Revisions(IAws aws, Settings settings, LedgerTable ledger)
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

    /// <summary>Finds the revision to go back to, for each step that has it.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target.</param>
    /// <param name="to">The revision's name or its first characters, at least <see cref="ShortestPrefix"/>.</param>
    /// <param name="steps">The steps that are asked for; none for all.</param>
    /// <exception cref="SpecInvalidException">It is not known, or not the only one that begins so.</exception>
    public async Task<IReadOnlyList<PushedRevision>> Find(string service, string target, string to, IReadOnlyList<string> steps)
    {
        var known = (await On(service, target)).Where(revision => steps.Count == 0 || steps.Contains(revision.Step)).ToList();
        var found = known.Where(revision => revision.Name == to).ToList();
        if (found.Count == 0 && to.Length >= ShortestPrefix)
        {
            found = known.FindAll(revision => revision.Name.StartsWith(to, StringComparison.Ordinal));
        }

        var names = found.Select(revision => revision.Name).Distinct().ToList();
        return names.Count == 1
            ? found
            : throw new SpecInvalidException(
                (
                    names.Count == 0
                    && to.Length < ShortestPrefix
                    && known.Exists(revision => revision.Name.StartsWith(to, StringComparison.Ordinal))
                        ? $"'{to}' is too short to name a revision; expected its name or at least {ShortestPrefix} of its first characters"
                    : names.Count == 0 ? $"revision '{to}' was never pushed to {target} by this deployer"
                    : $"'{to}' begins {string.Join(" and ", names)}"
                )
                    + (
                        known.Count == 0
                            ? "; no revision is known"
                            : $"; known: {string.Join(", ", known.DistinctBy(revision => revision.Name).Take(MostListed))}"
                    )
            );
    }

    /// <summary>The record of the step's revision that a rollback goes back to; <see langword="null"/> for another deployment.</summary>
    public async Task<PushedRevision?> GoneBackTo(StepRun run) =>
        run.Deployment.RollbackTo is { } name
            ? await ledger.Read(PushedRevision.RecordKey(run.Deployment.Service, run.Name, name, run.Target.Name))
            : null;

    /// <summary>Keeps a revision.</summary>
    public Task Keep(string service, PushedRevision revision) =>
        ledger.Put(PushedRevision.RecordKey(service, revision.Step, revision.Name, revision.Target), revision);

    /// <summary>Notes that a deployment has released a revision. What only a development instance has run was not released.</summary>
    public async Task Release(StepRun run, string name)
    {
        var key = PushedRevision.RecordKey(run.Deployment.Service, run.Name, name, run.Target.Name);
        if (run.Target.Instance is null && await ledger.Read(key) is { ReleasedBy: null } pushed)
        {
            await ledger.Put(key, pushed with { ReleasedBy = run.Deployment.Deployment });
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
