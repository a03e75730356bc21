namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>What an execution environment is made from.</summary>
/// <param name="Id">Unique among the environments of a run; letters and digits.</param>
/// <param name="FunctionArn">Without a qualifier.</param>
/// <param name="Handler">What <c>ANNOTATIONS_HANDLER</c> says.</param>
/// <param name="Environment">All variables, Lambda's own and the role's credentials included. Never shown.</param>
public sealed record SandboxSpec(string Id, string FunctionArn, string Handler, IReadOnlyDictionary<string, string> Environment);
