namespace Deployer.Rehearsal.CloudFormation.Templates;

/// <summary>Something that CloudFormation takes and the rehearsal cannot simulate, in the rehearsal's own words.</summary>
/// <param name="Problem">What is not supported.</param>
/// <param name="Expected">What can be rehearsed instead.</param>
internal sealed record Limitation(string Problem, string Expected)
{
    /// <summary>The sentence with which a stack is refused.</summary>
    public override string ToString() => $"{Problem}; expected {Expected}";
}
