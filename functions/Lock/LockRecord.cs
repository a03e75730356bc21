using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Lock;

/// <summary>
/// Who may change a service's target, and the rules by which that changes: taken, ensured and released here and nowhere else. A holder is
/// a deployment and its redrive count: what an ended run of an execution left on its way neither takes nor releases the lock of the next.
/// </summary>
public sealed record LockRecord
{
    /// <summary>
    /// Of those that changed nothing; all others are refused by <see cref="Changed"/>. More never run within a function's time.
    /// </summary>
    private const int MostEnded = 100;

    private const string PartitionPrefix = "TARGET#";
    private const string SortKey = "LOCK";

    /// <summary>The last number given to a deployment.</summary>
    public long LastNumber { get; init; }

    /// <summary>The deployment that it was given to; <see langword="null"/> in a lock of an earlier version.</summary>
    public DeploymentId? LastGivenTo { get; init; }

    /// <summary>The deployment that holds it.</summary>
    public LockHolder? Owner { get; init; }

    /// <summary>The newest deployment that waits for it.</summary>
    public LockHolder? Waiter { get; init; }

    /// <summary>The highest number that has begun to change things.</summary>
    public long Changed { get; init; }

    /// <summary>
    /// The newest plan that waits for an approval, or did so. It holds nothing: a deployment reads this record at its end anyway, and so
    /// knows without another request whether there is a plan whose place it may have taken. <see langword="null"/> for none, and in a lock
    /// of an earlier version.
    /// </summary>
    public DeploymentId? WaitingPlan { get; init; }

    /// <summary>
    /// The deployments that were settled, as far as <see cref="Changed"/> does not refuse them already: none of their functions that are
    /// still on their way takes the lock.
    /// </summary>
    public IReadOnlyList<EndedDeployment> Ended
    {
        get => field ?? []; // A lock of version 0.1.0 has none.
        init;
    }

    /// <summary>Where the lock of a service's target is.</summary>
    public static LedgerKey<LockRecord> Key(string service, string target) =>
        new($"{PartitionPrefix}{service}#{target}", SortKey, LockDocuments.Default.LockRecord);

    /// <summary>The locks of all services and targets.</summary>
    public static LedgerScan<LockRecord> Everywhere => new(PartitionPrefix, SortKey, LockDocuments.Default.LockRecord);

    /// <summary>Whether a deployment of a higher number has changed things, or may still do so.</summary>
    public bool IsWantedByNewer(long number)
    {
        for (var newer = number + 1; newer <= LastNumber; newer++)
        {
            if (newer <= Changed || !Ended.Any(ended => ended.Number == newer))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a deployment has the last number already and has neither changed things with it nor ended: its function died before it
    /// recorded the number.
    /// </summary>
    public bool WasGivenTo(DeploymentId deployment) =>
        LastGivenTo == deployment && LastNumber > Changed && !Ended.Any(ended => ended.Number == LastNumber);

    /// <summary>The lock with the next number given to a deployment, or the last one where it has that.</summary>
    public LockRecord WithNextNumber(DeploymentId deployment) =>
        WasGivenTo(deployment) ? this : this with { LastNumber = LastNumber + 1, LastGivenTo = deployment };

    /// <summary>The lock once a deployment that begins has taken it, or stands in line for it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <param name="token">The token that is answered when its turn comes.</param>
    /// <param name="replaced">The older deployment whose place in the line it took; <see langword="null"/> for none.</param>
    /// <exception cref="ExecutionEndedException">The execution has ended, or was redriven since.</exception>
    /// <exception cref="SupersededException">A newer deployment waits, or has already changed things.</exception>
    public LockRecord Take(DeploymentRecord deployment, int redriveCount, string token, out LockHolder? replaced)
    {
        replaced = null;
        RefuseIfEnded(deployment, redriveCount);
        RefuseIf(Changed > deployment.Number || Waiter?.Number > deployment.Number, deployment);
        var holder = Holder(deployment, redriveCount);
        if (Owner is null || Owner.Deployment == deployment.Deployment)
        {
            return this with { Owner = holder, Waiter = Waiter?.Deployment == deployment.Deployment ? null : Waiter };
        }

        replaced = Waiter is { } waiter && waiter.Deployment != deployment.Deployment ? waiter : null;
        return this with { Waiter = holder with { Token = token } };
    }

    /// <summary>The lock once a deployment that is about to change things owns it; unchanged when another one does.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count of its execution.</param>
    /// <param name="otherOwner">The deployment that owns it instead; <see langword="null"/> when this one does.</param>
    /// <exception cref="ExecutionEndedException">The execution has ended, or was redriven since.</exception>
    /// <exception cref="SupersededException">A newer deployment has already changed things.</exception>
    public LockRecord Ensure(DeploymentRecord deployment, int redriveCount, out LockHolder? otherOwner)
    {
        RefuseIfEnded(deployment, redriveCount);
        otherOwner = Owner is { } owner && owner.Deployment != deployment.Deployment ? owner : null;
        if (otherOwner is not null)
        {
            return this;
        }

        RefuseIf(Changed > deployment.Number, deployment);
        return IsOwnedBy(deployment, redriveCount) && Changed == deployment.Number
            ? this
            : this with
            {
                Owner = Holder(deployment, redriveCount),
                Changed = deployment.Number,
            };
    }

    /// <summary>Whether a deployment owns it, as its execution is after so many redrives.</summary>
    public bool IsOwnedBy(DeploymentRecord deployment, int redriveCount) =>
        Owner is { } owner && owner.Deployment == deployment.Deployment && owner.RedriveCount == redriveCount;

    /// <summary>
    /// The lock once a deployment has ended, as it was after so many redrives: it holds the lock and waits for it no more, and never does
    /// again. A later redrive of it keeps what it has.
    /// </summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="redriveCount">The redrive count with which its execution has ended.</param>
    /// <param name="next">
    /// The deployment that waited for it and owns it now, with the token to answer; <see langword="null"/> for none.
    /// </param>
    public LockRecord Release(DeploymentRecord deployment, int redriveCount, out LockHolder? next)
    {
        next = null;
        var released = Knows(deployment, redriveCount) ? this : this with { Ended = WithEnded(deployment, redriveCount) };
        if (released.Waiter is { } waiter && IsEnded(waiter))
        {
            released = released with { Waiter = null };
        }

        if (released.Owner is not { } owner || !IsEnded(owner))
        {
            return released;
        }

        next = released.Waiter;
        return released with { Owner = next is null ? null : next with { Token = null }, Waiter = null };

        bool IsEnded(LockHolder holder) => holder.Deployment == deployment.Deployment && holder.RedriveCount <= redriveCount;
    }

    /// <summary>The lock once a deployment does not wait for it any more; unchanged when it does not wait.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="left">The deployment as it waited, with the token to answer; <see langword="null"/> when it did not.</param>
    public LockRecord LeaveLine(DeploymentId deployment, out LockHolder? left)
    {
        left = Waiter?.Deployment == deployment ? Waiter : null;
        return left is null ? this : this with { Waiter = null };
    }

    private static LockHolder Holder(DeploymentRecord deployment, int redriveCount) =>
        new(deployment.Deployment, deployment.Execution, deployment.Number, RedriveCount: redriveCount);

    private bool Knows(DeploymentRecord deployment, int redriveCount) =>
        Ended.Any(ended => ended.Number == deployment.Number && ended.RedriveCount >= redriveCount);

    private IReadOnlyList<EndedDeployment> WithEnded(DeploymentRecord deployment, int redriveCount) =>
        [
            .. Ended
                .Where(ended => ended.Number != deployment.Number && ended.Number >= Changed)
                .Append(new EndedDeployment(deployment.Number, redriveCount))
                .OrderBy(ended => ended.Number)
                .TakeLast(MostEnded),
        ];

    private void RefuseIfEnded(DeploymentRecord deployment, int redriveCount)
    {
        var holders = new[] { Owner, Waiter }.OfType<LockHolder>();
        if (
            Knows(deployment, redriveCount)
            || holders.Any(holder => holder.Deployment == deployment.Deployment && holder.RedriveCount > redriveCount)
        )
        {
            throw new ExecutionEndedException(
                $"the execution of deployment {deployment.Deployment} has ended or was redriven since; "
                    + "this run of it makes no more changes"
            );
        }
    }

    private static void RefuseIf(bool superseded, DeploymentRecord deployment)
    {
        if (superseded)
        {
            throw new SupersededException(
                $"a newer deployment of {deployment.Service} to {deployment.Target} came after number {deployment.Number}; "
                    + "this one makes no more changes"
            );
        }
    }
}

/// <summary>A deployment at the lock, as its execution is after so many redrives; the token is that of its waiting <c>Begin</c>.</summary>
public sealed record LockHolder(DeploymentId Deployment, ExecutionArn Execution, long Number, string? Token = null, int RedriveCount = 0)
{
    /// <summary>Everything but the token: a record's text would hold it.</summary>
    public override string ToString() => $"{Deployment} (number {Number}, redrive {RedriveCount})";
}

/// <summary>A deployment that was settled.</summary>
/// <param name="Number">Its number.</param>
/// <param name="RedriveCount">The redrive count up to which its execution has ended.</param>
public sealed record EndedDeployment(long Number, int RedriveCount);

/// <summary>How the lock is written in the table.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LockRecord))]
[JsonSerializable(typeof(ExecutionEnd))]
internal sealed partial class LockDocuments : JsonSerializerContext;
