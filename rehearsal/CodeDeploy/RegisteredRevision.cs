namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>A registered revision. Stored under "account/region/application/bucket/key".</summary>
public sealed record RegisteredRevision(
    Bundle Bundle,
    string? Description,
    DateTimeOffset Registered,
    DateTimeOffset? FirstUsed,
    DateTimeOffset? LastUsed
);

/// <summary>Where a revision's bundle is. Two are the same revision when bucket and key are.</summary>
public sealed record Bundle(string Bucket, string Key, string BundleType);
