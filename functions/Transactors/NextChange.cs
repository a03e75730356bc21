using Amazon.ECS;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Transactors;

/// <summary>What is to be done next with a transactor's two services, by what runs alone: whoever has begun it.</summary>
internal abstract record NextChange
{
    private NextChange() { }

    /// <summary>Nothing: it is as it should be.</summary>
    public sealed record Nothing : NextChange;

    /// <summary>A service is given the revision and a number of tasks.</summary>
    public sealed record Change(TransactorPart Part, int Desired) : NextChange;

    /// <summary>Something has to be seen before anything else may end.</summary>
    /// <param name="What">What is waited for.</param>
    /// <param name="Silent">The part whose task has the revision that is wanted and does not say that it stands by.</param>
    public sealed record Wait(string What, TransactorPart? Silent = null) : NextChange;

    /// <summary>What is next.</summary>
    /// <param name="parts">The services.</param>
    /// <param name="mode">Whether there is a standby.</param>
    /// <param name="accepted">The revisions that are as wanted.</param>
    /// <param name="all">Whether the active transactor is replaced, too.</param>
    public static NextChange Choose(TransactorParts parts, TransactorMode mode, IReadOnlyList<string> accepted, bool all)
    {
        return mode == TransactorMode.Pair ? Pair(parts, accepted, all) : Single(parts, accepted, all);
    }

    /// <summary>Whether ECS has to be asked for it.</summary>
    public static bool NeedsUpdate(TransactorPart part, int desired, IReadOnlyList<string> accepted) =>
        part.Desired != desired
        || desired > 0 && (!accepted.Contains(part.Primary.TaskDefinition) || part.Primary.RolloutState == DeploymentRolloutState.FAILED);

    private static NextChange Pair(TransactorParts parts, IReadOnlyList<string> accepted, bool all)
    {
        var changes = Changes(parts, accepted);
        return (changes, all) switch
        {
            ([var first, var second], _) => new Change(NotActive(first, second), 1),
            (_, false) => new Nothing(),
            // What is not active may end at any time; the active one only when a standby on the revision has proven itself.
            ([{ IsActive: false } only], true) => new Change(only, 1),
            ([var active], true) => parts.Other(active).Tasks.Any(task => task.IsProven)
                ? new Change(active, 1)
                : new Wait(
                    $"{parts.Other(active).Name} does not stand by yet, and nothing ends the active transactor of {active.Name}",
                    parts.Other(active)
                ),
            _ => parts.IsPair ? new Nothing() : new Wait("there is no active transactor with a standby that sees its heartbeats"),
        };
    }

    private static NextChange Single(TransactorParts parts, IReadOnlyList<string> accepted, bool all)
    {
        var changes = Changes(parts, accepted);
        if (changes.Count == 2)
        {
            // The part that is down is raised, whichever it is.
            return new Change(
                parts.A.Desired == 0 ? parts.A
                    : parts.B.Desired == 0 ? parts.B
                    : NotActive(parts.A, parts.B),
                1
            );
        }

        if (!all)
        {
            return new Nothing();
        }

        var keeps = changes is [var changed] ? parts.Other(changed) : parts.Active ?? parts.A;
        var other = parts.Other(keeps);
        return (other, keeps) switch
        {
            ({ Desired: > 0 }, _) => keeps.Tasks.Any(task => task.IsProven)
                ? new Change(other, 0)
                : new Wait($"{keeps.Name} does not stand by yet, and nothing ends the transactor of {other.Name}", keeps),
            (_, { IsActive: true }) => new Nothing(),
            _ => new Wait($"the transactor of {keeps.Name} is not active yet"),
        };
    }

    private static List<TransactorPart> Changes(TransactorParts parts, IReadOnlyList<string> accepted) =>
        [.. parts.All.Where(part => NeedsUpdate(part, 1, accepted) || part.Primary.RolloutState == DeploymentRolloutState.IN_PROGRESS)];

    /// <summary>Where none is active, the one that stands by is about to be.</summary>
    private static TransactorPart NotActive(TransactorPart first, TransactorPart second) =>
        first.IsActive || (!second.IsActive && first.Tasks.Any(task => task.Signs.StandsBy)) ? second : first;
}
