using Amazon.DynamoDBv2.Model;
using Deployer.Functions.Accounts;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;

namespace Deployer.Functions.Ions;

/// <summary>
/// The record of the revisions that were pushed: this stage's own, and, to compare with, that of the stage which this one
/// promotes from.
/// </summary>
public sealed class Revisions(IAws aws, Settings settings, Ledger ledger)
{
    private const int ShortestPrefix = 7;
    private const int Told = 20;

    /// <summary>The revisions of a service on a target, the newest first.</summary>
    public async Task<IReadOnlyList<PushedRevision>> On(string service, string target) =>
        [.. (await Query(ledger, service)).Where(revision => revision.Target == target)];

    /// <summary>The revisions of a service on the targets of the stage that this one promotes from, the newest first; none where there is no such stage.</summary>
    public async Task<IReadOnlyList<PushedRevision>> Earlier(string service)
    {
        if (settings.EarlierTable.Length == 0)
        {
            return [];
        }

        try
        {
            return await Query(new Ledger(aws, settings with { Table = settings.EarlierTable }), service);
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
    /// <param name="to">The revision's name or its first characters.</param>
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
                (names.Count == 0 ? $"revision '{to}' was never pushed to {target} by this deployer" : $"'{to}' begins {string.Join(" and ", names)}")
                + (known.Count == 0 ? "; no revision is known" : $"; known: {string.Join(", ", known.Take(Told))}"));
    }

    /// <summary>Keeps a revision.</summary>
    public Task Keep(string service, PushedRevision revision) =>
        ledger.Put(Ledger.RevisionKey(service, revision.Step, revision.Name, revision.Target), Documents.Default.PushedRevision, revision);

    private static async Task<IReadOnlyList<PushedRevision>> Query(Ledger ledger, string service) =>
        [.. (await ledger.Query(Ledger.RevisionKey(service, string.Empty, string.Empty, string.Empty).Partition, string.Empty, Documents.Default.PushedRevision)).OrderByDescending(revision => revision.At, StringComparer.Ordinal)];
}
