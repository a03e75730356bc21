namespace Deployer.Spec.Faults;

/// <summary>Collects the faults of one reading, so that they are reported together.</summary>
internal sealed class FaultList
{
    private readonly List<Fault> faults = [];

    public bool Any => faults.Count > 0;

    public void Add(SourcePosition position, string problem, string expected) => Add(new Fault(position, problem, expected));

    public void Add(Fault fault)
    {
        // One mistake seen from two targets or two rules is one fault.
        if (!faults.Contains(fault))
        {
            faults.Add(fault);
        }
    }

    public void AddRange(IEnumerable<Fault> others)
    {
        foreach (var fault in others)
        {
            Add(fault);
        }
    }

    /// <summary>The faults in the order in which a reader of the files meets them.</summary>
    public IReadOnlyList<Fault> InOrder() => [.. faults.OrderBy(fault => fault.Position)];
}
