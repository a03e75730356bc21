using Amazon.EC2;
using Amazon.EC2.Model;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Tests.Wire;
using Subnet = Deployer.Rehearsal.Ec2.Subnet;

namespace Deployer.Rehearsal.Tests.Ec2;

public sealed class Ec2ServiceTests : IAsyncLifetime
{
    private const string Account = TestAws.Prod;
    private const string Region = "us-east-1";
    private static readonly Dictionary<string, string> NoTags = [];
    private TestAws _aws = null!;
    private AmazonEC2Client _client = null!;
    private VpcEndpoints _endpoints = null!;

    public async ValueTask InitializeAsync()
    {
        _aws = await TestAws.Start(world => new Ec2Service(
            _endpoints = new VpcEndpoints(world),
            new Networks(world),
            new Instances(world)
        ));
        _client = new AmazonEC2Client(TestAws.Root(Account), _aws.Configure(new AmazonEC2Config()));
        await _aws.World.Do(() =>
        {
            var networks = new Networks(_aws.World);
            networks.Put(
                Account,
                Region,
                new Subnet("subnet-a", "vpc-1", "10.0.0.0/20", "us-east-1a", new Dictionary<string, string> { ["tier"] = "private" })
            );
            networks.Put(Account, Region, new Subnet("subnet-b", "vpc-1", "10.0.16.0/20", "us-east-1b", NoTags));
            new LoadBalancers(_aws.World).Put(
                Account,
                Region,
                new LoadBalancer("nlb", "nlb-arn", "network", "nlb.example.com", "vpc-1", ["us-east-1a", "us-east-1b"])
            );
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task A_dry_run_is_refused_by_name_and_changes_nothing()
    {
        var error = await Should.ThrowAsync<AmazonEC2Exception>(() =>
            _client.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = ["vpce-1"], DryRun = true })
        );

        error.Message.ShouldContain("DryRun");
    }

    [Fact]
    public async Task An_endpoint_is_made_seen_and_deleted()
    {
        var service = (
            await _client.CreateVpcEndpointServiceConfigurationAsync(
                new CreateVpcEndpointServiceConfigurationRequest { NetworkLoadBalancerArns = ["nlb-arn"], AcceptanceRequired = false }
            )
        ).ServiceConfiguration;
        var id = (
            await _client.CreateVpcEndpointAsync(
                new CreateVpcEndpointRequest
                {
                    VpcEndpointType = VpcEndpointType.Interface,
                    VpcId = "vpc-1",
                    ServiceName = service.ServiceName,
                    SubnetIds = ["subnet-a", "subnet-b"],
                    PrivateDnsEnabled = false,
                }
            )
        ).VpcEndpoint.VpcEndpointId;

        var pending = await Describe(id);
        await _aws.World.RunUntil(() => _endpoints.Find(Account, Region, id)?.State == "available");
        var available = await Describe(id);
        var interfaces = await _client.DescribeNetworkInterfacesAsync(
            new DescribeNetworkInterfacesRequest { Filters = [new Filter { Name = "vpc-id", Values = ["vpc-1"] }] }
        );
        await _client.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = [id] });
        await _aws.World.RunUntil(() => _endpoints.Find(Account, Region, id) is null);

        pending.State.ShouldBe(State.Pending);
        available.State.ShouldBe(State.Available);
        available.DnsEntries.Count.ShouldBe(3);
        available.DnsEntries[0].DnsName.ShouldEndWith($".{service.ServiceId}.us-east-1.vpce.amazonaws.com");
        interfaces.NetworkInterfaces.Count.ShouldBe(2);
        (await Should.ThrowAsync<AmazonEC2Exception>(Describe(id))).ErrorCode.ShouldBe("InvalidVpcEndpointId.NotFound");
    }

    [Fact]
    public async Task Services_are_described_to_their_owner_and_to_consumers()
    {
        var service = await _aws.World.Do(() => _endpoints.CreateService(Account, Region, ["nlb-arn"], true, null, NoTags));

        var mine = await _client.DescribeVpcEndpointServiceConfigurationsAsync(
            new DescribeVpcEndpointServiceConfigurationsRequest { ServiceIds = [service.Id] }
        );
        var offered = await _client.DescribeVpcEndpointServicesAsync(
            new DescribeVpcEndpointServicesRequest { ServiceNames = [service.Name] }
        );

        mine.ServiceConfigurations.ShouldHaveSingleItem().NetworkLoadBalancerArns.ShouldBe(["nlb-arn"]);
        var detail = offered.ServiceDetails.ShouldHaveSingleItem();
        detail.AcceptanceRequired.ShouldBe(true);
        detail.AvailabilityZoneIds.ShouldBe(["use1-az1", "use1-az2"]);
    }

    [Theory]
    [InlineData("vpc-id", "vpc-1", 2)]
    [InlineData("availability-zone", "us-east-1b", 1)]
    [InlineData("tag:tier", "private", 1)]
    [InlineData("tag-key", "other", 0)]
    public async Task Subnets_are_found_by_filters(string name, string value, int found)
    {
        var subnets = await _client.DescribeSubnetsAsync(
            new DescribeSubnetsRequest { Filters = [new Filter { Name = name, Values = [value] }] }
        );

        (subnets.Subnets?.Count ?? 0).ShouldBe(found);
    }

    [Fact]
    public async Task A_filter_that_is_not_simulated_is_named()
    {
        var refused = await Should.ThrowAsync<AmazonEC2Exception>(
            _client.DescribeSubnetsAsync(new DescribeSubnetsRequest { Filters = [new Filter { Name = "owner-id", Values = ["1"] }] })
        );

        refused.Message.ShouldContain("owner-id");
    }

    [Fact]
    public async Task Instances_show_what_they_were_launched_from()
    {
        var launched = await _aws.World.Do(() =>
            new Instances(_aws.World).Launch(
                Account,
                Region,
                new LaunchSettings("lt-1", "1", "ami-1", "t3.large"),
                "subnet-a",
                new Dictionary<string, string> { ["Name"] = "node" }
            )
        );

        var instance = (
            await _client.DescribeInstancesAsync(
                new DescribeInstancesRequest { Filters = [new Filter { Name = "tag:Name", Values = ["node"] }] }
            )
        )
            .Reservations.ShouldHaveSingleItem()
            .Instances.ShouldHaveSingleItem();

        instance.InstanceId.ShouldBe(launched.Id);
        instance.State.Name.ShouldBe(InstanceStateName.Pending);
        instance.VpcId.ShouldBe("vpc-1");
        instance.Placement.AvailabilityZone.ShouldBe("us-east-1a");
    }

    [Fact]
    public async Task Regions_are_those_that_need_no_opting_in()
    {
        var regions = await _client.DescribeRegionsAsync(new DescribeRegionsRequest());

        regions.Regions.Count.ShouldBe(17);
        regions.Regions.ShouldContain(region => region.RegionName == Region);
    }

    [Fact]
    public async Task A_caller_without_permission_is_refused_in_EC2s_words()
    {
        var credentials = await _aws.Session(Account, "reader", """{"Effect":"Allow","Action":"ec2:DescribeSubnets","Resource":"*"}""");
        using var client = new AmazonEC2Client(credentials, _aws.Configure(new AmazonEC2Config()));

        await client.DescribeSubnetsAsync(new DescribeSubnetsRequest());
        var refused = await Should.ThrowAsync<AmazonEC2Exception>(
            client.DeleteVpcEndpointsAsync(new DeleteVpcEndpointsRequest { VpcEndpointIds = ["vpce-1"] })
        );

        refused.ErrorCode.ShouldBe("UnauthorizedOperation");
    }

    private async Task<Amazon.EC2.Model.VpcEndpoint> Describe(string id) =>
        (
            await _client.DescribeVpcEndpointsAsync(new DescribeVpcEndpointsRequest { VpcEndpointIds = [id] })
        ).VpcEndpoints.ShouldHaveSingleItem();
}
