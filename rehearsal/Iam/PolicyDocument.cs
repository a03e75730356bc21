namespace Deployer.Rehearsal.Iam;

/// <summary>A parsed IAM policy. See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html.</summary>
/// <param name="Statements">The statements in the order of the document.</param>
public sealed record PolicyDocument(IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Reads a policy document.</summary>
    /// <param name="json">The document as JSON.</param>
    /// <param name="kind">Where it is attached.</param>
    /// <exception cref="MalformedPolicyException">The document breaks the grammar.</exception>
    /// <exception cref="NotSupportedException">The document is correct but uses an element that the rehearsal does not judge.</exception>
    public static PolicyDocument Parse(string json, PolicyKind kind) => PolicyParser.Parse(json, kind);

    internal PolicyStatement? First(PolicyEffect effect, AccessQuestion question) =>
        Statements.FirstOrDefault(statement => statement.Effect == effect && statement.Covers(question));
}
