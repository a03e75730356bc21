namespace Deployer.Spec.Faults;

/// <summary>Collects the faults of one reading, so that they are reported together.</summary>
internal sealed class FaultList
{
    // One mistake seen from two targets or two rules is one fault.
    private readonly HashSet<Fault> faults = [];

    public bool Any => faults.Count > 0;

    public void Add(SourcePosition position, string problem, string expected) => Add(new Fault(position, problem, expected));

    public void Add(Fault fault) => faults.Add(fault);

    public void AddRange(IEnumerable<Fault> others) => faults.UnionWith(others);

    /// <summary>The faults in the order in which a reader of the files meets them.</summary>
    public IReadOnlyList<Fault> InOrder() => [.. faults.OrderBy(fault => fault.Position)];
}
