namespace Deployer.Cli.Output;

/// <summary>An execution that was started and failed, where there is no result to show.</summary>
/// <param name="error">Its error.</param>
/// <param name="cause">Why.</param>
internal sealed class DeploymentFailedException(string error, string cause) : Exception($"{error}: {cause}");
