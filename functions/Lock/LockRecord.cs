using System.Text.Json.Serialization;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Lock;

/// <summary>
/// Who may change a service's target, and the rules by which that changes: taken, ensured and released here and nowhere else.
/// </summary>
public sealed record LockRecord
{
    /// <summary>The last number given to a deployment.</summary>
    public long LastNumber { get; init; }

    /// <summary>The deployment that holds it.</summary>
    public LockHolder? Owner { get; init; }

    /// <summary>The newest deployment that waits for it.</summary>
    public LockHolder? Waiter { get; init; }

    /// <summary>The highest number that has begun to change things.</summary>
    public long Changed { get; init; }

    /// <summary>Where the lock of a service's target lies.</summary>
    public static LedgerKey<LockRecord> Key(string service, string target) =>
        new($"TARGET#{service}#{target}", "LOCK", LockDocuments.Default.LockRecord);

    /// <summary>The lock with the next number given.</summary>
    public LockRecord WithNextNumber() => this with { LastNumber = LastNumber + 1 };

    /// <summary>The lock once a deployment that begins has taken it, or stands in line for it.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="token">The token that is answered when its turn comes.</param>
    /// <param name="replaced">The older deployment whose place in the line it took; <see langword="null"/> for none.</param>
    /// <exception cref="SupersededException">A newer deployment waits, or has already changed things.</exception>
    public LockRecord Take(DeploymentRecord deployment, string token, out LockHolder? replaced)
    {
        replaced = null;
        RefuseIf(Changed > deployment.Number || Waiter?.Number > deployment.Number, deployment);
        if (Owner is null || Owner.Deployment == deployment.Deployment)
        {
            return this with { Owner = Holder(deployment), Waiter = Waiter?.Deployment == deployment.Deployment ? null : Waiter };
        }

        replaced = Waiter is { } waiter && waiter.Deployment != deployment.Deployment ? waiter : null;
        return this with { Waiter = Holder(deployment) with { Token = token } };
    }

    /// <summary>The lock once a deployment that is about to change things owns it; unchanged when another one does.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="otherOwner">The deployment that owns it instead; <see langword="null"/> when this one does.</param>
    /// <exception cref="SupersededException">A newer deployment has already changed things.</exception>
    public LockRecord Ensure(DeploymentRecord deployment, out LockHolder? otherOwner)
    {
        otherOwner = Owner is { } owner && owner.Deployment != deployment.Deployment ? owner : null;
        if (otherOwner is not null)
        {
            return this;
        }

        RefuseIf(Changed > deployment.Number, deployment);
        var owned = Owner is not null && Changed == deployment.Number;
        return owned ? this : this with { Owner = Holder(deployment), Changed = deployment.Number };
    }

    /// <summary>The lock once a deployment holds it no more and waits for it no more.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="next">The deployment that waited for it and owns it now, with the token to answer; <see langword="null"/> for
    /// none.</param>
    public LockRecord Release(DeploymentRecord deployment, out LockHolder? next)
    {
        next = null;
        var released = Waiter?.Deployment == deployment.Deployment ? this with { Waiter = null } : this;
        if (released.Owner?.Deployment != deployment.Deployment)
        {
            return released;
        }

        next = released.Waiter;
        return released with { Owner = next is null ? null : next with { Token = null }, Waiter = null };
    }

    private static LockHolder Holder(DeploymentRecord deployment) => new(deployment.Deployment, deployment.Execution, deployment.Number);

    private static void RefuseIf(bool superseded, DeploymentRecord deployment)
    {
        if (superseded)
        {
            throw new SupersededException(
                $"a newer deployment of {deployment.Service} to {deployment.Target} came after number {deployment.Number}; "
                    + "this one changes nothing any more"
            );
        }
    }
}

/// <summary>A deployment at the lock; the token is that of its waiting <c>Begin</c>.</summary>
public sealed record LockHolder(DeploymentId Deployment, ExecutionArn Execution, long Number, string? Token = null);

/// <summary>How the lock is written in the table.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(LockRecord))]
internal sealed partial class LockDocuments : JsonSerializerContext;
