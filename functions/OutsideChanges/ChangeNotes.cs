using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Lock;
using Deployer.Functions.Steps;

namespace Deployer.Functions.OutsideChanges;

/// <summary>What was done with an event.</summary>
public enum NotedEvent
{
    /// <summary>It makes a look due, unless one is due already.</summary>
    Noted,

    /// <summary>It is of an operation of the deployer, or of nothing that could be watched.</summary>
    Own,

    /// <summary>No target is known to own or read what it is about.</summary>
    Unknown,
}

/// <summary>
/// Notes that something was changed by others than the deployer. An event is a hint: it names a target to look at, and nothing that it says
/// is taken for true.
/// </summary>
public sealed class ChangeNotes(LedgerTable ledger, StepKindRegistry kinds)
{
    /// <summary>Notes what an event says.</summary>
    /// <param name="happened">The event.</param>
    /// <param name="waitedFor">What deployments wait for of that which the event is about: operations that they have begun.</param>
    public async Task<NotedEvent> Note(SettledEvent happened, IReadOnlySet<string> waitedFor)
    {
        if (
            kinds.Outside(happened) is not { } outside
            || happened.Time is not { } at
            || (outside.Operation is { } operation && waitedFor.Contains(operation))
        )
        {
            return NotedEvent.Own;
        }

        var watches = await ledger.Query(WatchRecord.All(outside.Resource));
        if (watches.Count == 0)
        {
            return NotedEvent.Unknown;
        }

        var noted = NotedEvent.Own;
        var change = new OutsideChange(outside.Resource, outside.What, outside.Operation, at);
        foreach (var watch in watches)
        {
            if (await IsOwn(outside.Operation, watch))
            {
                continue;
            }

            // A look that nothing was deployed after, since the groups were off, is made up for once they are on.
            var seen = outside.FollowsCapacity && await IsCapacityChanged(watch) ? change.ByCapacity() : change;
            await ledger.Change(
                PendingChange.Key(watch.Service, watch.Target),
                present => (present ?? new PendingChange { Service = watch.Service, Target = watch.Target }).With(seen)
            );
            noted = NotedEvent.Noted;
        }

        return noted;
    }

    /// <summary>Whether a deployment is under way that changes the capacity of the target, which waits for what it has begun.</summary>
    private async Task<bool> IsCapacityChanged(WatchRecord watch) =>
        await ledger.Read(LockRecord.Key(watch.Service, watch.Target)) is { Owner: { } owner }
        && await ledger.Read(DeploymentRecord.Key(owner.Deployment)) is { Purpose: DeploymentPurpose.ChangeCapacity };

    /// <summary>
    /// Whether an operation is one of a deployment to the target: its client request token begins with the deployment's id
    /// (<see cref="Names.Token"/>), and the longest id that is known is meant. Tokens do not have every character of an id: the deployments
    /// that hold the lock, or held it last, are known all the same. One without such a token was noted when it began.
    /// </summary>
    private async Task<bool> IsOwn(string? token, WatchRecord watch)
    {
        if (token is not null && OwnOperation.Names(token))
        {
            return await ledger.Read(OwnOperation.Key(token)) is { } own && own.Service == watch.Service && own.Target == watch.Target;
        }

        if (token is null || !token.StartsWith(Names.TokenPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var standing = await ledger.Read(LockRecord.Key(watch.Service, watch.Target));
        DeploymentId?[] known = [standing?.Owner?.Deployment, standing?.Waiter?.Deployment, standing?.LastGivenTo];
        foreach (var candidate in Names.DeploymentsOf(token))
        {
            if (Array.Exists(known, one => one is not null && Names.InToken(one.Value) == candidate))
            {
                return true;
            }

            if (await ledger.Read(DeploymentRecord.Key(new DeploymentId(candidate))) is { } record)
            {
                return record.Service == watch.Service && record.Target == watch.Target;
            }
        }

        return false;
    }
}
