namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>A CodeDeploy application. Stored under "account/region/name".</summary>
public sealed record DeployApplication(string Id, string Name, string ComputePlatform, DateTimeOffset Created);
