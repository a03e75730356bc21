namespace Deployer.Rehearsal.Ec2;

/// <summary>A virtual machine. Stored under "account/region/id".</summary>
public sealed record Instance
{
    /// <summary><c>i-</c> and 17 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The image it was started from.</summary>
    public required string ImageId { get; init; }

    /// <summary>The type, such as <c>t3.large</c>.</summary>
    public required string InstanceType { get; init; }

    /// <summary>The subnet; it determines zone and network.</summary>
    public required string SubnetId { get; init; }

    /// <summary>The availability zone.</summary>
    public required string Zone { get; init; }

    /// <summary>The address inside the network.</summary>
    public required string PrivateIp { get; init; }

    /// <summary>pending, running, shutting-down or terminated.</summary>
    public required string State { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Launched { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }
}
