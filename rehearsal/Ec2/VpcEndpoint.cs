namespace Deployer.Rehearsal.Ec2;

/// <summary>A name under which an endpoint answers.</summary>
public sealed record DnsName(string Name, string HostedZoneId);

/// <summary>An interface endpoint. Stored under "account/region/id".</summary>
public sealed record VpcEndpoint
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary><c>vpce-</c> and 17 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The network it stands in.</summary>
    public required string VpcId { get; init; }

    /// <summary>The service behind it.</summary>
    public required string ServiceName { get; init; }

    /// <summary>pendingAcceptance, pending, available, deleting, rejected or failed.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>The subnets that have an address of it.</summary>
    public required IReadOnlyList<string> SubnetIds { get; init; }

    /// <summary>Its security groups.</summary>
    public IReadOnlyList<string> SecurityGroupIds { get; init; } = [];

    /// <summary>Its addresses, one network interface for each subnet.</summary>
    public IReadOnlyList<string> NetworkInterfaceIds { get; init; } = [];

    /// <summary>Whether the service's own names lead to it inside the network.</summary>
    public bool PrivateDns { get; init; }

    /// <summary>The regional name, one for each zone, then private names.</summary>
    public required IReadOnlyList<DnsName> DnsNames { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>An endpoint service over network load balancers. Stored under "region/id".</summary>
public sealed record EndpointService
{
    /// <summary>The account that owns it.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary><c>vpce-svc-</c> and 17 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The load balancers behind it.</summary>
    public required IReadOnlyList<string> LoadBalancers { get; init; }

    /// <summary>The availability zones of the load balancers.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>Whether the owner has to accept each endpoint.</summary>
    public bool AcceptanceRequired { get; init; }

    /// <summary>The service's own name, verified, where it has one.</summary>
    public string? PrivateDnsName { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>The name that consumers use.</summary>
    public string Name => $"com.amazonaws.vpce.{Region}.{Id}";
}
