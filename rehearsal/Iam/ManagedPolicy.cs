namespace Deployer.Rehearsal.Iam;

/// <summary>A managed policy of an account, in its default version.</summary>
/// <param name="Arn">Its ARN, path included.</param>
/// <param name="Document">The policy as JSON.</param>
public sealed record ManagedPolicy(string Arn, string Document);
