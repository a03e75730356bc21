using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ec2;

/// <summary>The interface endpoints and endpoint services of all accounts.</summary>
/// <remarks>https://docs.aws.amazon.com/vpc/latest/privatelink/</remarks>
public sealed class VpcEndpoints
{
    private const string Due = "ec2/vpc-endpoint";

    // The zone that AWS uses for endpoints in us-east-1; other regions have others.
    private const string HostedZone = "Z7HUB22UULQXV";

    private readonly RehearsalWorld _world;
    private readonly Table<VpcEndpoint> _endpoints;
    private readonly Table<EndpointService> _services;
    private readonly LoadBalancers _balancers;
    private readonly Networks _networks;

    /// <summary>The endpoints of a world. One per world: it answers the world's due moments.</summary>
    public VpcEndpoints(RehearsalWorld world)
    {
        _world = world;
        _endpoints = world.Store.VersionedTable<VpcEndpoint>("ec2/endpoints", endpoint => endpoint);
        _services = world.Store.Table<EndpointService>("ec2/endpoint-services");
        _balancers = new LoadBalancers(world);
        _networks = new Networks(world);
        world.OnDue(Due, Advance, failed: Fail);
    }

    /// <summary>The endpoints of an account and region, in the order of their ids.</summary>
    public IEnumerable<VpcEndpoint> All(string account, string region) =>
        _endpoints.WithPrefix(RegionalKey.Prefix(account, region)).Select(entry => entry.Value);

    /// <summary>An endpoint by its id, or <see langword="null"/>.</summary>
    public VpcEndpoint? Find(string account, string region, string id) => _endpoints.Get(RegionalKey.Create(account, region, id));

    /// <summary>All endpoint services of a region, whoever owns them.</summary>
    public IEnumerable<EndpointService> Services(string region) => _services.WithPrefix($"{region}/").Select(entry => entry.Value);

    /// <summary>Creates an endpoint service over network load balancers.</summary>
    /// <exception cref="ApiException">A load balancer does not exist or is not a network load balancer.</exception>
    public EndpointService CreateService(
        string account,
        string region,
        IReadOnlyList<string> balancers,
        bool acceptanceRequired,
        string? privateDnsName,
        IReadOnlyDictionary<string, string> tags
    )
    {
        var service = new EndpointService
        {
            Account = account,
            Region = region,
            Id = "vpce-svc-" + _world.Random.HexId(17),
            LoadBalancers = balancers,
            Zones = Zones(account, region, balancers),
            AcceptanceRequired = acceptanceRequired,
            PrivateDnsName = privateDnsName,
            Tags = tags,
        };
        _services.Put($"{region}/{service.Id}", service);
        return service;
    }

    /// <summary>Puts other load balancers behind an endpoint service; endpoints that there are stay as they are.</summary>
    /// <exception cref="ApiException">There is no such service, or a load balancer does not exist or is not a network load
    /// balancer.</exception>
    public void ChangeService(string region, string id, IReadOnlyList<string> balancers, bool acceptanceRequired)
    {
        var service = Service(region, id);
        _services.Put(
            $"{region}/{id}",
            service with
            {
                LoadBalancers = balancers,
                Zones = Zones(service.Account, region, balancers),
                AcceptanceRequired = acceptanceRequired,
            }
        );
    }

    /// <summary>Gives an endpoint service other tags.</summary>
    public void TagService(EndpointService service, IReadOnlyDictionary<string, string> tags) =>
        _services.Put($"{service.Region}/{service.Id}", service with { Tags = tags });

    /// <summary>Removes an endpoint service.</summary>
    /// <exception cref="ApiException">Endpoints still use it.</exception>
    public void DeleteService(string region, string id)
    {
        if (_services.Get($"{region}/{id}") is not { } service)
        {
            return;
        }

        if (_endpoints.WithPrefix(string.Empty).Any(entry => entry.Value.ServiceName == service.Name && entry.Value.State != "deleting"))
        {
            throw new ApiException("ExistingVpcEndpointConnections", $"Service {id} has existing active VPC Endpoint connections!");
        }

        _services.Remove($"{region}/{id}");
    }

    /// <summary>Creates an interface endpoint: it waits for its owner's acceptance or is pending, then available.</summary>
    /// <exception cref="ApiException">The service does not exist, or not in a subnet's zone.</exception>
    public VpcEndpoint Create(VpcEndpointWish wish)
    {
        var service = Services(wish.Region).FirstOrDefault(candidate => candidate.Name == wish.ServiceName);
        if (service is null && !wish.ServiceName.StartsWith($"com.amazonaws.{wish.Region}.", StringComparison.Ordinal))
        {
            throw new ApiException("InvalidServiceName", $"The Vpc Endpoint Service '{wish.ServiceName}' does not exist");
        }

        var zones = wish.SubnetIds.Select(id => Zone(wish.Account, wish.Region, service, id)).ToList();
        var id = "vpce-" + _world.Random.HexId(17);
        var endpoint = new VpcEndpoint
        {
            Account = wish.Account,
            Region = wish.Region,
            Id = id,
            VpcId = wish.VpcId,
            ServiceName = wish.ServiceName,
            State = service?.AcceptanceRequired == true ? "pendingAcceptance" : "pending",
            SubnetIds = wish.SubnetIds,
            SecurityGroupIds = wish.SecurityGroupIds,
            NetworkInterfaceIds = [.. wish.SubnetIds.Select(_ => "eni-" + _world.Random.HexId(17))],
            PrivateDns = wish.PrivateDns,
            DnsNames = [.. Names($"{id}-{_world.Random.HexId(8)}", wish.Region, wish.ServiceName, wish.PrivateDns, service, zones)],
            Created = _world.Now,
            Tags = wish.Tags,
        };
        Put(endpoint);
        if (endpoint.State == "pending")
        {
            _world.Schedule(Durations.VpcEndpoint.Draw(_world.Random), Due, Key(endpoint));
        }

        return endpoint;
    }

    /// <summary>Changes an endpoint in place. The regional name stays; the addresses and zonal names follow the subnets.</summary>
    /// <exception cref="ApiException">The service is not in a subnet's zone.</exception>
    public VpcEndpoint Change(VpcEndpoint endpoint, IReadOnlyList<string> subnets, IReadOnlyList<string> securityGroups, bool privateDns)
    {
        var service = Services(endpoint.Region).FirstOrDefault(candidate => candidate.Name == endpoint.ServiceName);
        var zones = subnets.Select(id => Zone(endpoint.Account, endpoint.Region, service, id)).ToList();
        var addresses = endpoint.SubnetIds.Zip(endpoint.NetworkInterfaceIds).ToDictionary(pair => pair.First, pair => pair.Second);
        var changed = endpoint with
        {
            SubnetIds = subnets,
            SecurityGroupIds = securityGroups,
            PrivateDns = privateDns,
            NetworkInterfaceIds = [.. subnets.Select(id => addresses.GetValueOrDefault(id) ?? "eni-" + _world.Random.HexId(17))],
            DnsNames =
            [
                .. Names(endpoint.DnsNames[0].Name.Split('.')[0], endpoint.Region, endpoint.ServiceName, privateDns, service, zones),
            ],
        };
        Put(changed);
        return changed;
    }

    /// <summary>Gives an endpoint other tags.</summary>
    public VpcEndpoint Tag(VpcEndpoint endpoint, IReadOnlyDictionary<string, string> tags)
    {
        var tagged = endpoint with { Tags = tags };
        Put(tagged);
        return tagged;
    }

    /// <summary>The service's owner accepts an endpoint.</summary>
    public void Accept(string account, string region, string id)
    {
        if (Find(account, region, id) is { State: "pendingAcceptance" } endpoint)
        {
            Put(endpoint with { State = "pending" });
            _world.Schedule(Durations.VpcEndpoint.Draw(_world.Random), Due, Key(endpoint));
        }
    }

    /// <summary>Begins to delete an endpoint.</summary>
    public void Delete(VpcEndpoint endpoint)
    {
        Put(endpoint with { State = "deleting" });
        _world.Schedule(Durations.VpcEndpointDeletion.Draw(_world.Random), Due, Key(endpoint));
    }

    private void Advance(string key)
    {
        switch (_endpoints.Get(key))
        {
            case { State: "pending" } endpoint:
                Put(endpoint with { State = "available" });
                break;
            case { State: "deleting" }:
                _endpoints.Remove(key);
                break;
        }
    }

    /// <summary>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcEndpoint.html, state and lastError.</summary>
    private void Fail(string key, string reason)
    {
        if (_endpoints.Get(key) is { } endpoint)
        {
            Put(endpoint with { State = "failed", Error = reason });
        }
    }

    private EndpointService Service(string region, string id) =>
        _services.Get($"{region}/{id}")
        ?? throw new ApiException("InvalidVpcEndpointServiceId.NotFound", $"The VpcEndpointService Id '{id}' does not exist");

    /// <summary>The availability zones of network load balancers.</summary>
    private string[] Zones(string account, string region, IReadOnlyList<string> balancers)
    {
        var zones = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var arn in balancers)
        {
            var balancer =
                _balancers.Find(account, region, arn)
                ?? throw new ApiException("InvalidLoadBalancerArn.NotFound", $"The load balancer {arn} does not exist");
            if (balancer.Type != "network")
            {
                throw new ApiException("InvalidParameter", $"The load balancer {arn} is not a network load balancer");
            }

            zones.UnionWith(balancer.Zones);
        }

        return [.. zones];
    }

    private string Zone(string account, string region, EndpointService? service, string subnet)
    {
        var zone =
            _networks.Subnet(account, region, subnet)?.Zone
            ?? throw new ApiException("InvalidSubnetId.NotFound", $"The subnet ID '{subnet}' does not exist");
        return service is null || service.Zones.Contains(zone)
            ? zone
            : throw new ApiException(
                "InvalidParameter",
                $"The VPC endpoint service {service.Name} does not support the availability zone of the subnet: {subnet}."
            );
    }

    private IEnumerable<DnsName> Names(
        string label,
        string region,
        string serviceName,
        bool privateDns,
        EndpointService? service,
        List<string> zones
    )
    {
        var suffix = service is null
            ? $"{serviceName.Split('.')[^1]}.{region}.vpce.amazonaws.com"
            : $"{service.Id}.{region}.vpce.amazonaws.com";
        yield return new DnsName($"{label}.{suffix}", HostedZone);
        foreach (var zone in zones)
        {
            yield return new DnsName($"{label}-{zone}.{suffix}", HostedZone);
        }

        var privateName = service is null ? $"{serviceName.Split('.')[^1]}.{region}.amazonaws.com" : service.PrivateDnsName;
        if (privateDns && privateName is not null)
        {
            yield return new DnsName(privateName, "Z" + _world.Random.UpperId(20));
        }
    }

    private void Put(VpcEndpoint endpoint) => _endpoints.Put(Key(endpoint), endpoint);

    private static string Key(VpcEndpoint endpoint) => RegionalKey.Create(endpoint.Account, endpoint.Region, endpoint.Id);
}
