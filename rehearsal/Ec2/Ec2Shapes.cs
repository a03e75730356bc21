using Amazon.EC2;
using Amazon.EC2.Model;

namespace Deployer.Rehearsal.Ec2;

/// <summary>What EC2's API shows of what the simulation keeps.</summary>
internal static class Ec2Shapes
{
    /// <summary>A subnet.</summary>
    public static Amazon.EC2.Model.Subnet Shape(Subnet subnet, string arn, string account) =>
        new()
        {
            SubnetId = subnet.Id,
            SubnetArn = arn,
            VpcId = subnet.VpcId,
            OwnerId = account,
            CidrBlock = subnet.CidrBlock,
            AvailabilityZone = subnet.Zone,
            AvailabilityZoneId = Networks.ZoneId(subnet.Zone),
            State = SubnetState.Available,
            MapPublicIpOnLaunch = false,
            DefaultForAz = false,
            Tags = Tags(subnet.Tags),
        };

    /// <summary>An instance, in a reservation of its own.</summary>
    public static Reservation Shape(Instance instance, string account, string? vpc) =>
        new()
        {
            ReservationId = "r-" + instance.Id[2..],
            OwnerId = account,
            Instances =
            [
                new Amazon.EC2.Model.Instance
                {
                    InstanceId = instance.Id,
                    ImageId = instance.ImageId,
                    InstanceType = instance.InstanceType,
                    State = new InstanceState { Name = instance.State, Code = Code(instance.State) },
                    LaunchTime = instance.Launched.UtcDateTime,
                    SubnetId = instance.SubnetId,
                    VpcId = vpc,
                    PrivateIpAddress = instance.PrivateIp,
                    PrivateDnsName = $"ip-{instance.PrivateIp.Replace('.', '-')}.ec2.internal",
                    Placement = new Placement { AvailabilityZone = instance.Zone },
                    CpuOptions = new CpuOptions { CoreCount = InstanceSizes.Cpus(instance.InstanceType), ThreadsPerCore = 1 },
                    Tags = Tags(instance.Tags),
                },
            ],
        };

    /// <summary>An endpoint service as its customers see it.</summary>
    public static ServiceDetail Detail(EndpointService service) =>
        new()
        {
            ServiceName = service.Name,
            ServiceId = service.Id,
            ServiceType = [new ServiceTypeDetail { ServiceType = ServiceType.Interface }],
            Owner = service.Account,
            AvailabilityZones = [.. service.Zones],
            AvailabilityZoneIds = [.. service.Zones.Select(Networks.ZoneId)],
            BaseEndpointDnsNames = [$"{service.Id}.{service.Region}.vpce.amazonaws.com"],
            PrivateDnsName = service.PrivateDnsName,
            AcceptanceRequired = service.AcceptanceRequired,
            ManagesVpcEndpoints = false,
            VpcEndpointPolicySupported = false,
            Tags = Tags(service.Tags),
        };

    /// <summary>An endpoint.</summary>
    public static Amazon.EC2.Model.VpcEndpoint Shape(VpcEndpoint endpoint) =>
        new()
        {
            VpcEndpointId = endpoint.Id,
            VpcEndpointType = VpcEndpointType.Interface,
            VpcId = endpoint.VpcId,
            ServiceName = endpoint.ServiceName,
            // The wire says it in lower case although the enumeration does not.
            State = new State(endpoint.State),
            LastError = endpoint.Error is { } error ? new LastError { Code = "InternalError", Message = error } : null,
            SubnetIds = [.. endpoint.SubnetIds],
            Groups = [.. endpoint.SecurityGroupIds.Select(id => new SecurityGroupIdentifier { GroupId = id, GroupName = id })],
            PrivateDnsEnabled = endpoint.PrivateDns,
            RequesterManaged = false,
            NetworkInterfaceIds = [.. endpoint.NetworkInterfaceIds],
            DnsEntries = [.. endpoint.DnsNames.Select(name => new DnsEntry { DnsName = name.Name, HostedZoneId = name.HostedZoneId })],
            CreationTimestamp = endpoint.Created.UtcDateTime,
            OwnerId = endpoint.Account,
            Tags = Tags(endpoint.Tags),
        };

    /// <summary>An endpoint service as its owner sees it.</summary>
    public static ServiceConfiguration Shape(EndpointService service) =>
        new()
        {
            ServiceType = [new ServiceTypeDetail { ServiceType = ServiceType.Interface }],
            ServiceId = service.Id,
            ServiceName = service.Name,
            ServiceState = ServiceState.Available,
            AvailabilityZones = [.. service.Zones],
            AcceptanceRequired = service.AcceptanceRequired,
            ManagesVpcEndpoints = false,
            NetworkLoadBalancerArns = [.. service.LoadBalancers],
            BaseEndpointDnsNames = [$"{service.Id}.{service.Region}.vpce.amazonaws.com"],
            PrivateDnsName = service.PrivateDnsName,
            Tags = Tags(service.Tags),
        };

    /// <remarks>https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html</remarks>
    private static int Code(string state) =>
        state switch
        {
            "pending" => 0,
            "running" => 16,
            "shutting-down" => 32,
            "terminated" => 48,
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, message: null),
        };

    /// <summary>Tags in their order.</summary>
    public static List<Tag> Tags(IReadOnlyDictionary<string, string> tags) =>
        [.. tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value })];
}
