using Amazon.EC2;
using Amazon.EC2.Model;
using Deployer.Rehearsal.Wire;
using Region = Amazon.EC2.Model.Region;

namespace Deployer.Rehearsal.Ec2;

/// <summary>Amazon EC2: what a deployer reads of machines and networks, and interface endpoints.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/</remarks>
public sealed class Ec2Service : ModelService
{
    // Those that every account has without opting in.
    private static readonly string[] Regions =
    [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    ];

    private readonly VpcEndpoints _endpoints;
    private readonly Instances _instances;
    private readonly Networks _networks;

    /// <summary>The service over a world's endpoints.</summary>
    public Ec2Service(VpcEndpoints endpoints, Networks networks, Instances instances)
        : base(EC2Model.Service)
    {
        _endpoints = endpoints;
        _instances = instances;
        _networks = networks;
        On<DescribeRegionsRequest, DescribeRegionsResponse>("DescribeRegions", DescribeRegions, (_, _) => ["*"]);
        On<DescribeSubnetsRequest, DescribeSubnetsResponse>("DescribeSubnets", DescribeSubnets, (_, _) => ["*"]);
        On<DescribeInstancesRequest, DescribeInstancesResponse>("DescribeInstances", DescribeInstances, (_, _) => ["*"]);
        On<DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResponse>(
            "DescribeNetworkInterfaces",
            DescribeInterfaces,
            (_, _) => ["*"]
        );
        On<DescribeVpcEndpointsRequest, DescribeVpcEndpointsResponse>("DescribeVpcEndpoints", DescribeEndpoints, (_, _) => ["*"]);
        On<DescribeVpcEndpointServicesRequest, DescribeVpcEndpointServicesResponse>(
            "DescribeVpcEndpointServices",
            DescribeServices,
            (_, _) => ["*"]
        );
        On<DescribeVpcEndpointServiceConfigurationsRequest, DescribeVpcEndpointServiceConfigurationsResponse>(
            "DescribeVpcEndpointServiceConfigurations",
            DescribeConfigurations,
            (_, _) => ["*"]
        );
        On<CreateVpcEndpointRequest, CreateVpcEndpointResponse>(
            "CreateVpcEndpoint",
            Create,
            (call, request) =>
                [
                    Arn(call, "vpc-endpoint", "*"),
                    Arn(call, "vpc", request.VpcId),
                    .. (request.SubnetIds ?? []).Select(id => Arn(call, "subnet", id)),
                    .. (request.SecurityGroupIds ?? []).Select(id => Arn(call, "security-group", id)),
                ]
        );
        On<DeleteVpcEndpointsRequest, DeleteVpcEndpointsResponse>(
            "DeleteVpcEndpoints",
            Delete,
            (call, request) => (request.VpcEndpointIds ?? []).Select(id => Arn(call, "vpc-endpoint", id))
        );
        On<CreateVpcEndpointServiceConfigurationRequest, CreateVpcEndpointServiceConfigurationResponse>(
            "CreateVpcEndpointServiceConfiguration",
            CreateService,
            (call, _) => [Arn(call, "vpc-endpoint-service", "*")]
        );
    }

    private static string Arn(Call call, string type, string id) => $"arn:aws:ec2:{call.Region}:{call.Account}:{type}/{id}";

    private static DescribeRegionsResponse DescribeRegions(Call call, DescribeRegionsRequest request) =>
        new()
        {
            Regions =
            [
                .. Regions
                    .Where(name => request.RegionNames is not { Count: > 0 } names || names.Contains(name))
                    .Select(name => new Region
                    {
                        RegionName = name,
                        Endpoint = $"ec2.{name}.amazonaws.com",
                        OptInStatus = "opt-in-not-required",
                    }),
            ],
        };

    private DescribeSubnetsResponse DescribeSubnets(Call call, DescribeSubnetsRequest request) =>
        new()
        {
            Subnets =
            [
                .. Asked(
                        _networks.Subnets(call.Account, call.Region),
                        request.SubnetIds,
                        subnet => subnet.Id,
                        "InvalidSubnetID.NotFound",
                        "subnet ID"
                    )
                    .Where(subnet =>
                        Filters.Match(
                            request.Filters,
                            subnet.Tags,
                            name =>
                                name switch
                                {
                                    "vpc-id" => subnet.VpcId,
                                    "subnet-id" => subnet.Id,
                                    "availability-zone" => subnet.Zone,
                                    "state" => "available",
                                    _ => null,
                                }
                        )
                    )
                    .Select(subnet => Ec2Shapes.Shape(subnet, Arn(call, "subnet", subnet.Id), call.Account)),
            ],
        };

    private DescribeInstancesResponse DescribeInstances(Call call, DescribeInstancesRequest request) =>
        new()
        {
            Reservations =
            [
                .. Asked(
                        _instances.All(call.Account, call.Region),
                        request.InstanceIds,
                        instance => instance.Id,
                        "InvalidInstanceID.NotFound",
                        "instance ID"
                    )
                    .Where(instance =>
                        Filters.Match(
                            request.Filters,
                            instance.Tags,
                            name =>
                                name switch
                                {
                                    "instance-id" => instance.Id,
                                    "instance-state-name" => instance.State,
                                    "instance-type" => instance.InstanceType,
                                    "image-id" => instance.ImageId,
                                    "subnet-id" => instance.SubnetId,
                                    "vpc-id" => VpcOf(call, instance.SubnetId) ?? string.Empty,
                                    "availability-zone" => instance.Zone,
                                    _ => null,
                                }
                        )
                    )
                    .Select(instance => Ec2Shapes.Shape(instance, call.Account, VpcOf(call, instance.SubnetId))),
            ],
        };

    /// <summary>The addresses of endpoints: the only network interfaces that are simulated.</summary>
    private DescribeNetworkInterfacesResponse DescribeInterfaces(Call call, DescribeNetworkInterfacesRequest request)
    {
        var all = _endpoints
            .All(call.Account, call.Region)
            .SelectMany(endpoint =>
                endpoint.NetworkInterfaceIds.Zip(endpoint.SubnetIds, (id, subnet) => (Id: id, Subnet: subnet, Endpoint: endpoint))
            );
        return new DescribeNetworkInterfacesResponse
        {
            NetworkInterfaces =
            [
                .. Asked(all, request.NetworkInterfaceIds, found => found.Id, "InvalidNetworkInterfaceID.NotFound", "networkInterface ID")
                    .Where(found =>
                        Filters.Match(
                            request.Filters,
                            found.Endpoint.Tags,
                            name =>
                                name switch
                                {
                                    "network-interface-id" => found.Id,
                                    "subnet-id" => found.Subnet,
                                    "vpc-id" => found.Endpoint.VpcId,
                                    "interface-type" => "vpc_endpoint",
                                    _ => null,
                                }
                        )
                    )
                    .Select(found => new NetworkInterface
                    {
                        NetworkInterfaceId = found.Id,
                        SubnetId = found.Subnet,
                        VpcId = found.Endpoint.VpcId,
                        OwnerId = call.Account,
                        InterfaceType = NetworkInterfaceType.Vpc_endpoint,
                        Description = $"VPC Endpoint Interface {found.Endpoint.Id}",
                        RequesterManaged = true,
                        Status = found.Endpoint.State == "available" ? NetworkInterfaceStatus.InUse : NetworkInterfaceStatus.Available,
                        AvailabilityZone = _networks.Subnet(call.Account, call.Region, found.Subnet)?.Zone,
                    }),
            ],
        };
    }

    private DescribeVpcEndpointsResponse DescribeEndpoints(Call call, DescribeVpcEndpointsRequest request) =>
        new()
        {
            VpcEndpoints =
            [
                .. Asked(
                        _endpoints.All(call.Account, call.Region),
                        request.VpcEndpointIds,
                        endpoint => endpoint.Id,
                        "InvalidVpcEndpointId.NotFound",
                        "Vpc Endpoint Id"
                    )
                    .Where(endpoint =>
                        Filters.Match(
                            request.Filters,
                            endpoint.Tags,
                            name =>
                                name switch
                                {
                                    "service-name" => endpoint.ServiceName,
                                    "vpc-id" => endpoint.VpcId,
                                    "vpc-endpoint-id" => endpoint.Id,
                                    "vpc-endpoint-state" => endpoint.State,
                                    "vpc-endpoint-type" => "Interface",
                                    _ => null,
                                }
                        )
                    )
                    .Select(Ec2Shapes.Shape),
            ],
        };

    private DescribeVpcEndpointServicesResponse DescribeServices(Call call, DescribeVpcEndpointServicesRequest request)
    {
        var services = Asked(
                _endpoints.Services(call.Region),
                request.ServiceNames,
                service => service.Name,
                "InvalidServiceName",
                "Vpc Endpoint Service"
            )
            .Where(service =>
                Filters.Match(
                    request.Filters,
                    service.Tags,
                    name =>
                        name switch
                        {
                            "service-name" => service.Name,
                            "service-type" => "Interface",
                            "owner" => service.Account,
                            _ => null,
                        }
                )
            )
            .ToList();
        return new DescribeVpcEndpointServicesResponse
        {
            ServiceNames = [.. services.Select(service => service.Name)],
            ServiceDetails = [.. services.Select(Ec2Shapes.Detail)],
        };
    }

    private DescribeVpcEndpointServiceConfigurationsResponse DescribeConfigurations(
        Call call,
        DescribeVpcEndpointServiceConfigurationsRequest request
    ) =>
        new()
        {
            ServiceConfigurations =
            [
                .. Asked(
                        _endpoints.Services(call.Region).Where(service => service.Account == call.Account),
                        request.ServiceIds,
                        service => service.Id,
                        "InvalidVpcEndpointServiceId.NotFound",
                        "VpcEndpointService Id"
                    )
                    .Where(service =>
                        Filters.Match(
                            request.Filters,
                            service.Tags,
                            name =>
                                name switch
                                {
                                    "service-name" => service.Name,
                                    "service-id" => service.Id,
                                    "service-state" => "Available",
                                    _ => null,
                                }
                        )
                    )
                    .Select(Ec2Shapes.Shape),
            ],
        };

    private CreateVpcEndpointResponse Create(Call call, CreateVpcEndpointRequest request)
    {
        SimulatedMembers.Only(
            request,
            "VpcEndpointType",
            "VpcId",
            "ServiceName",
            "SubnetIds",
            "SecurityGroupIds",
            "PrivateDnsEnabled",
            "TagSpecifications",
            "ClientToken"
        );
        if (request.VpcEndpointType?.Value != "Interface")
        {
            throw new ApiException(
                "InvalidParameter",
                $"The rehearsal simulates endpoints of type Interface only, not {request.VpcEndpointType?.Value ?? "Gateway"}"
            );
        }

        return new CreateVpcEndpointResponse
        {
            VpcEndpoint = Ec2Shapes.Shape(
                _endpoints.Create(
                    new VpcEndpointWish(
                        call.Account,
                        call.Region,
                        request.VpcId,
                        request.ServiceName ?? throw Missing("ServiceName"),
                        request.SubnetIds ?? [],
                        request.SecurityGroupIds ?? [],
                        request.PrivateDnsEnabled ?? true,
                        Tags(request.TagSpecifications)
                    )
                )
            ),
        };
    }

    private DeleteVpcEndpointsResponse Delete(Call call, DeleteVpcEndpointsRequest request)
    {
        SimulatedMembers.Only(request, "VpcEndpointIds");
        var missing = new List<UnsuccessfulItem>();
        foreach (var id in request.VpcEndpointIds ?? [])
        {
            if (_endpoints.Find(call.Account, call.Region, id) is { } endpoint)
            {
                _endpoints.Delete(endpoint);
            }
            else
            {
                missing.Add(
                    new UnsuccessfulItem
                    {
                        ResourceId = id,
                        Error = new UnsuccessfulItemError
                        {
                            Code = "InvalidVpcEndpoint.NotFound",
                            Message = $"The Vpc Endpoint Id '{id}' does not exist",
                        },
                    }
                );
            }
        }

        return new DeleteVpcEndpointsResponse { Unsuccessful = missing };
    }

    private CreateVpcEndpointServiceConfigurationResponse CreateService(Call call, CreateVpcEndpointServiceConfigurationRequest request)
    {
        SimulatedMembers.Only(
            request,
            "NetworkLoadBalancerArns",
            "AcceptanceRequired",
            "PrivateDnsName",
            "TagSpecifications",
            "ClientToken"
        );
        return new CreateVpcEndpointServiceConfigurationResponse
        {
            ServiceConfiguration = Ec2Shapes.Shape(
                _endpoints.CreateService(
                    call.Account,
                    call.Region,
                    request.NetworkLoadBalancerArns ?? [],
                    request.AcceptanceRequired ?? true,
                    request.PrivateDnsName,
                    Tags(request.TagSpecifications)
                )
            ),
        };
    }

    /// <summary>All, or those that are asked for by id, each of which must be there.</summary>
    private static IEnumerable<T> Asked<T>(IEnumerable<T> all, List<string>? ids, Func<T, string> id, string code, string what)
    {
        if (ids is not { Count: > 0 })
        {
            return all;
        }

        var found = all.ToLookup(id);
        return ids.Find(wanted => !found.Contains(wanted)) is { } missing
            ? throw new ApiException(code, $"The {what} '{missing}' does not exist")
            : ids.SelectMany(wanted => found[wanted]);
    }

    private string? VpcOf(Call call, string subnet) => _networks.Subnet(call.Account, call.Region, subnet)?.VpcId;

    private static Dictionary<string, string> Tags(IEnumerable<TagSpecification>? specifications) =>
        (specifications ?? [])
            .SelectMany(specification => specification.Tags ?? [])
            .GroupBy(tag => tag.Key ?? throw Missing("Tag.Key"))
            .ToDictionary(
                tags => tags.Key,
                tags =>
                    tags.Count() == 1
                        ? tags.Single().Value ?? string.Empty
                        : throw new ApiException("InvalidParameterValue", $"Duplicate tag key '{tags.Key}' specified.")
            );

    private static ApiException Missing(string parameter) => new("MissingParameter", $"The request must contain the parameter {parameter}");
}
