namespace Deployer.Spec.Faults;

/// <summary>One thing that is wrong in a service's files, reported to the person who has to mend it.</summary>
/// <param name="Position">Where.</param>
/// <param name="Problem">What is wrong, with the names involved.</param>
/// <param name="Expected">What would be right.</param>
public sealed record Fault(SourcePosition Position, string Problem, string Expected)
{
    /// <summary>The fault on one line, in the form that editors recognise: <c>file:line:column: problem; expected …</c>.</summary>
    public override string ToString() => $"{Position}: {Problem}; expected {Expected}";
}
