namespace Deployer.Spec.Faults;

/// <summary>Collects the faults and notices of one reading, so that they are reported together.</summary>
internal sealed class FaultList
{
    // One mistake seen from two targets or two rules is one fault.
    private readonly HashSet<Fault> faults = [];
    private readonly HashSet<Notice> notices = [];

    public bool Any => faults.Count > 0;

    public void Add(SourcePosition position, string problem, string expected) => Add(new Fault(position, problem, expected));

    public void Add(Fault fault) => faults.Add(fault);

    public void AddNotice(SourcePosition position, string text) => notices.Add(new Notice(position, text));

    public void AddRange(IEnumerable<Fault> others) => faults.UnionWith(others);

    public void AddRange(IEnumerable<Notice> others) => notices.UnionWith(others);

    /// <summary>The faults in the order in which a reader of the files meets them.</summary>
    public IReadOnlyList<Fault> InOrder() => [.. faults.OrderBy(fault => fault.Position)];

    /// <summary>The notices in the order in which a reader of the files meets them.</summary>
    public IReadOnlyList<Notice> NoticesInOrder() => [.. notices.OrderBy(notice => notice.Position)];
}
