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
    /// <param name="accepted">The revisions that already have what the step says.</param>
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
            ([_, _], _) => NotActive(parts),
            (_, false) => new Nothing(),
            // What is not active may end at any time; the active one, and one that may be it, only when a standby on the revision has
            // proven itself.
            ([var only], true) when !MayBeActive(parts, only) || parts.Counterpart(only).Tasks.Any(task => task.IsProven) => new Change(
                only,
                1
            ),
            ([var only], true) => new Wait(
                $"{parts.Counterpart(only).Name} does not stand by yet, and nothing ends "
                    + (
                        only.IsActive
                            ? $"the active transactor of {only.Name}"
                            : $"the transactor of {only.Name}, whose log does not say what it is"
                    ),
                parts.Counterpart(only)
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
            return parts.A.Desired == 0 ? new Change(parts.A, 1)
                : parts.B.Desired == 0 ? new Change(parts.B, 1)
                : NotActive(parts);
        }

        if (!all)
        {
            return new Nothing();
        }

        var keeps = changes is [var changed] ? parts.Counterpart(changed) : parts.Active ?? parts.A;
        var drops = parts.Counterpart(keeps);
        return (drops, keeps) switch
        {
            ({ Desired: > 0 }, _) => keeps.Tasks.Any(task => task.IsProven)
                ? new Change(drops, 0)
                : new Wait($"{keeps.Name} does not stand by yet, and nothing ends the transactor of {drops.Name}", keeps),
            (_, { IsActive: true }) => new Nothing(),
            _ => new Wait($"the transactor of {keeps.Name} is not active yet"),
        };
    }

    private static List<TransactorPart> Changes(TransactorParts parts, IReadOnlyList<string> accepted) =>
        [.. parts.All.Where(part => NeedsUpdate(part, 1, accepted) || part.Primary.RolloutState == DeploymentRolloutState.IN_PROGRESS)];

    /// <summary>Whether a part's transactor is the active one, or does not say that it is not.</summary>
    private static bool MayBeActive(TransactorParts parts, TransactorPart part) =>
        part.IsActive || (part.IsSilent && !parts.Counterpart(part).IsActive);

    /// <summary>
    /// Changes the part that is not active, of two that both have to change. Where none says that it is, a standby that sees heartbeats
    /// says that the other one is; one that misses them is about to be itself. Nothing ends one of two that are both silent.
    /// </summary>
    private static NextChange NotActive(TransactorParts parts)
    {
        foreach (var part in parts.All)
        {
            var counterpart = parts.Counterpart(part);
            if (
                !MayBeActive(parts, part)
                && (
                    counterpart.IsActive
                    || part.Tasks.Count == 0
                    || (part.StandsBy && counterpart.IsSilent && !part.Tasks.Any(task => task.Signs.Misses))
                )
            )
            {
                return new Change(part, 1);
            }
        }

        foreach (var part in parts.All)
        {
            // The heartbeats that it saw have stopped, so that it is about to be the active one.
            if (
                parts.Counterpart(part) is var counterpart
                && part.StandsBy
                && (!counterpart.IsSilent || part.Tasks.Any(task => task.Signs.Misses))
            )
            {
                return new Change(counterpart, 1);
            }
        }

        return parts.All.Any(part => part.IsSilent)
            ? new Wait($"the logs of {parts.A.Name} and {parts.B.Name} do not say which of them is active, and nothing ends either")
            : new Change(parts.A, 1);
    }
}
