namespace Deployer.Rehearsal.Iam;

/// <summary>A policy document breaks the grammar. IAM answers <c>MalformedPolicyDocument</c>, S3 <c>MalformedPolicy</c>.</summary>
/// <param name="message">What is wrong, in the service's words where they are known.</param>
public sealed class MalformedPolicyException(string message) : Exception(message);
