namespace Deployer.Spec.Faults;

/// <summary>
/// Something in a service's files that does not stop a deployment and that the person who wrote them should know. Credentials of addresses
/// are cut out of its text.
/// </summary>
/// <param name="Position">Where.</param>
/// <param name="Text">What it is, with the names involved, and what to write instead where that is known.</param>
public sealed record Notice(SourcePosition Position, string Text)
{
    /// <summary>What it is, with the names involved, and what to write instead where that is known.</summary>
    public string Text { get; init; } = AddressCredentials.Hide(Text);

    /// <summary>The notice on one line: <c>file:line:column: text</c>.</summary>
    public override string ToString() => $"{Position}: {Text}";
}
