using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>A plan that a look has begun.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Look">The number of the look.</param>
public sealed record BegunPlan(DeploymentId Plan, long Look);

/// <summary>A plan of something newer to which a look gave way: another look is due once it waits no more.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="ExpireAfter">How long it waits for an approval, and to be deployed after that.</param>
public sealed record AwaitedPlan(DeploymentId Plan, TimeSpan ExpireAfter);

/// <summary>
/// Whether a look at a service's target is due because something of it was changed by others than the deployer. However many events there
/// are, one look is due; those that come while it compares make one more due.
/// </summary>
public sealed record PendingChange
{
    /// <summary>More changes are not named: a storm of events has few sorts.</summary>
    public const int MostNamed = 20;

    /// <summary>
    /// Of changes that are alike a later moment is not written more often than this, so that the last may be that much later than it says.
    /// </summary>
    public static readonly TimeSpan MomentsApart = TimeSpan.FromSeconds(5);

    private const string Partition = "CHANGES";

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target, or the development instance as one.</summary>
    public required string Target { get; init; }

    /// <summary>The number of the look that is due, or will be next: what it starts is named by it, and so is started once.</summary>
    public long Number { get; init; } = 1;

    /// <summary>What happened since the last look; none when no look is due.</summary>
    public IReadOnlyList<OutsideChange> Changes { get; init; } = [];

    /// <summary>How many of the changes the look that is being made knows; 0 when none is being made.</summary>
    public int Known { get; init; }

    /// <summary>The plan that a look has begun and that is not finished yet.</summary>
    public BegunPlan? Plan { get; init; }

    /// <summary>The plan that the last look gave way to, which still waits.</summary>
    public AwaitedPlan? Awaited { get; init; }

    /// <summary>
    /// The deployments that looks have begun one after another, each of which others had to follow; none when nothing has to follow.
    /// </summary>
    public IReadOnlyList<DeploymentId> Chain
    {
        get => field ?? []; // A record that was written without any has none.
        init;
    }

    /// <summary>When the latest of the changes happened that are not named, the same again or too many; null when all are named.</summary>
    public DateTimeOffset? LatestUnnamed { get; init; }

    /// <summary>When the last change happened, or less than <see cref="MomentsApart"/> before.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastChange
    {
        get
        {
            DateTimeOffset? last = null;
            foreach (var change in Changes)
            {
                last = last > change.At ? last : change.At;
            }

            return last < LatestUnnamed ? LatestUnnamed : last;
        }
    }

    /// <summary>When the first of the changes happened; null when no look is due.</summary>
    [JsonIgnore]
    public DateTimeOffset? FirstChange
    {
        get
        {
            DateTimeOffset? first = null;
            foreach (var change in Changes)
            {
                first = first < change.At ? first : change.At;
            }

            return first;
        }
    }

    /// <summary>All targets of which one was written.</summary>
    public static LedgerRange<PendingChange> All => new(Partition, string.Empty, PendingChangeDocuments.Default.PendingChange);

    /// <summary>Where that of a target lies.</summary>
    public static LedgerKey<PendingChange> Key(string service, string target) =>
        new(Partition, $"{service}#{target}", PendingChangeDocuments.Default.PendingChange);

    /// <summary>
    /// The record with one more change. Of one that a look that has not begun knows, only a later moment is written, and not more often
    /// than <see cref="MomentsApart"/>: a storm of events is few writes.
    /// </summary>
    public PendingChange With(OutsideChange change)
    {
        for (var index = Known; index < Changes.Count; index++)
        {
            if (Changes[index] is var known && known with { At = change.At } == change)
            {
                return LaterBy(change.At);
            }
        }

        return Changes.Count >= MostNamed + Known ? LaterBy(change.At) : this with { Changes = [.. Changes, change] };
    }

    private PendingChange LaterBy(DateTimeOffset at) =>
        LastChange is { } last && at - last < MomentsApart ? this : this with { LatestUnnamed = at };

    /// <summary>The record once a deployment that a look has begun has succeeded, which others are to follow.</summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="followers">The steps that may have to follow.</param>
    /// <param name="at">When it was found to have succeeded.</param>
    public PendingChange Followed(DeploymentId deployment, IReadOnlyList<string> followers, DateTimeOffset at) =>
        With(new OutsideChange(OutsideChange.OfDeployment(deployment), $"succeeded, before {string.Join(", ", followers)}", null, at)) with
        {
            Chain = Chain.Contains(deployment) ? Chain : [.. Chain, deployment],
        };

    /// <summary>The record once the plan that a look gave way to waits no more: what it left aside is looked at.</summary>
    /// <param name="awaited">The plan.</param>
    /// <param name="ends">What has become of it, and of one that took its place.</param>
    public PendingChange Decided(AwaitedPlan awaited, IReadOnlyList<OutsideChange> ends)
    {
        if (Awaited != awaited)
        {
            return this;
        }

        var decided = this with { Awaited = null };
        foreach (var end in ends)
        {
            decided = decided.With(end);
        }

        return decided;
    }

    /// <summary>The record while a look is made that knows all changes so far.</summary>
    public PendingChange Looking() => this with { Known = Changes.Count };

    /// <summary>The record once that look has ended: what it did not know, or may have read too early, makes another one due.</summary>
    /// <param name="plan">The plan that it has begun.</param>
    /// <param name="settled">Until when changes could be read for certain when it was made.</param>
    /// <param name="continues">Whether something follows what it has begun.</param>
    /// <param name="awaited">The plan that it gave way to.</param>
    public PendingChange Looked(DeploymentId? plan, DateTimeOffset settled, bool continues = false, AwaitedPlan? awaited = null) =>
        this with
        {
            Plan = plan is null ? Plan : new BegunPlan(plan, Number),
            Number = Number + 1,
            Changes = Left(settled),
            Known = 0,
            Chain = continues ? Chain : [],
            Awaited = awaited,
        };

    private List<OutsideChange> Left(DateTimeOffset settled)
    {
        List<OutsideChange> left = [];
        for (var index = 0; index < Changes.Count; index++)
        {
            if (index >= Known || Changes[index].At > settled)
            {
                left.Add(Changes[index]);
            }
        }

        if (left.Count == 0 && LatestUnnamed > settled)
        {
            // What is not named is like one of those that are: the last of them stands for it.
            left.Add(Changes[^1] with { At = LatestUnnamed.Value });
        }

        return left;
    }
}

/// <summary>How it is written whether a look is due.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(PendingChange))]
internal sealed partial class PendingChangeDocuments : JsonSerializerContext;
