namespace Deployer.Cdk;

/// <summary>An account and a region of it.</summary>
/// <param name="Account">The account's id, 12 digits.</param>
/// <param name="Region">The region.</param>
internal sealed record AccountPlace(string Account, string Region);
