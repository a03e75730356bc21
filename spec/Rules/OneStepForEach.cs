using Deployer.Spec.Faults;

namespace Deployer.Spec.Rules;

/// <summary>Something that a step changes, and that no other step may change.</summary>
/// <param name="Step">The step's name.</param>
/// <param name="Position">Where the file says it.</param>
/// <param name="Name">What it is; <see langword="null"/> when that is not known from the files.</param>
internal sealed record OwnedByStep(string Step, SourcePosition Position, object? Name);

/// <summary>Finds what several steps of a target would change, so that one undoes what the other did.</summary>
internal static class OneStepForEach
{
    /// <summary>Adds a fault for each such thing, at the second of its steps; the same steps are refused once for a target.</summary>
    /// <param name="spec">The service.</param>
    /// <param name="faults">The faults.</param>
    /// <param name="owned">What the steps change in a target.</param>
    /// <param name="sentence">The fault, from the steps' names, what they share and the target's name.</param>
    /// <param name="expected">What is expected instead.</param>
    public static void Check(
        ServiceSpec spec,
        FaultList faults,
        Func<TargetSpec, IEnumerable<OwnedByStep>> owned,
        Func<string, object, string, string> sentence,
        string expected
    )
    {
        foreach (var target in spec.Targets)
        {
            var shared = owned(target)
                .Where(thing => thing.Name is not null)
                .GroupBy(thing => thing.Name!)
                .Where(group => group.Skip(1).Any())
                .Select(group =>
                    (Steps: string.Join(", ", group.Select(thing => thing.Step)), group.ElementAt(1).Position, Name: group.Key)
                )
                .DistinctBy(group => group.Steps);
            foreach (var (steps, position, name) in shared)
            {
                faults.Add(position, sentence(steps, name, target.Name), expected);
            }
        }
    }
}
