namespace Deployer.Spec.Faults;

/// <summary>
/// One thing that is wrong in a service's files, reported to the person who has to mend it. Credentials of addresses are cut out of its
/// text.
/// </summary>
/// <param name="Position">Where.</param>
/// <param name="Problem">What is wrong, with the names involved.</param>
/// <param name="Expected">What would be right.</param>
public sealed record Fault(SourcePosition Position, string Problem, string Expected)
{
    /// <summary>What is wrong, with the names involved.</summary>
    public string Problem { get; init; } = AddressCredentials.Hide(Problem);

    /// <summary>What would be right.</summary>
    public string Expected { get; init; } = AddressCredentials.Hide(Expected);

    /// <summary>The fault on one line, in the form that editors recognise: <c>file:line:column: problem; expected …</c>.</summary>
    public override string ToString() => $"{Position}: {Problem}; expected {Expected}";
}
