namespace Deployer.Spec.Steps;

/// <summary>
/// The order of a deployment's steps. A step waits for those named in <c>after</c>, for those whose outputs it uses, and, among Datomic's
/// stacks in the file, for storage before the primary group before query groups.
/// </summary>
public sealed class StepGraph
{
    private readonly IReadOnlyDictionary<string, IReadOnlySet<string>> _before;

    private StepGraph(IReadOnlyList<StepSpec> steps, IReadOnlyDictionary<string, IReadOnlySet<string>> before)
    {
        Steps = steps;
        _before = before;
        Waves = WavesOf(steps, before);
    }

    /// <summary>The steps, in the order of the file.</summary>
    public IReadOnlyList<StepSpec> Steps { get; }

    /// <summary>
    /// Steps that can be done together: all that a step waits for stands in earlier waves, and each step stands in the earliest wave
    /// possible.
    /// Within a wave the order is that of the file.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<StepSpec>> Waves { get; }

    /// <summary>The graph of a spec's steps.</summary>
    public static StepGraph Build(ServiceSpec spec)
    {
        var edges = StepEdges.Find(spec.Steps).ToLookup(edge => edge.Step, edge => edge.Before);
        return new StepGraph(
            spec.Steps,
            spec.Steps.ToDictionary(step => step.Name, IReadOnlySet<string> (step) => edges[step.Name].ToHashSet())
        );
    }

    /// <summary>The steps that a step waits for directly, in the order of the file.</summary>
    public IReadOnlyList<string> Before(string step) => [.. Steps.Select(other => other.Name).Where(_before[step].Contains)];

    /// <summary>The steps that a step waits for, directly or through others, in the order of the file.</summary>
    public IReadOnlyList<string> AllBefore(string step)
    {
        var all = Earlier(step);
        return [.. Steps.Select(other => other.Name).Where(all.Contains)];
    }

    /// <summary>The other steps that wait for any of some steps, directly or through others, in the order of the file.</summary>
    public IReadOnlyList<string> Dependents(IReadOnlyCollection<string> steps) =>
        [.. Steps.Select(step => step.Name).Where(step => !steps.Contains(step) && Earlier(step).Overlaps(steps))];

    /// <summary>The graph of some steps run alone. What waited for each other through a step left out still does.</summary>
    /// <exception cref="UnknownStepException">A name is not a step of this graph.</exception>
    public StepGraph Only(IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => !_before.ContainsKey(name)) is { } unknown)
        {
            throw new UnknownStepException(unknown, [.. Steps.Select(step => step.Name)]);
        }
        return new StepGraph(
            [.. Steps.Where(step => names.Contains(step.Name))],
            names.Distinct().ToDictionary(name => name, IReadOnlySet<string> (name) => Earlier(name).Where(names.Contains).ToHashSet())
        );
    }

    private HashSet<string> Earlier(string step)
    {
        var all = new HashSet<string>();
        var pending = new Stack<string>(_before[step]);
        while (pending.TryPop(out var name))
        {
            if (all.Add(name))
            {
                foreach (var earlier in _before[name])
                {
                    pending.Push(earlier);
                }
            }
        }
        return all;
    }

    private static List<IReadOnlyList<StepSpec>> WavesOf(
        IReadOnlyList<StepSpec> steps,
        IReadOnlyDictionary<string, IReadOnlySet<string>> before
    )
    {
        var waves = new List<IReadOnlyList<StepSpec>>();
        var done = new HashSet<string>();
        while (done.Count < steps.Count)
        {
            var wave = steps.Where(step => !done.Contains(step.Name) && before[step.Name].IsSubsetOf(done)).ToList();
            if (wave.Count == 0)
            {
                throw new InvalidOperationException("The steps wait for each other; the reader refuses such a file.");
            }
            waves.Add(wave);
            done.UnionWith(wave.Select(step => step.Name));
        }
        return waves;
    }
}
