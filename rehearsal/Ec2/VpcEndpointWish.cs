namespace Deployer.Rehearsal.Ec2;

/// <summary>An interface endpoint that is asked for.</summary>
public sealed record VpcEndpointWish(
    string Account,
    string Region,
    string VpcId,
    string ServiceName,
    IReadOnlyList<string> SubnetIds,
    IReadOnlyList<string> SecurityGroupIds,
    bool PrivateDns,
    IReadOnlyDictionary<string, string> Tags
);
