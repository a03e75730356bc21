using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Ec2;

public sealed class VpcEndpointsTests : IAsyncDisposable
{
    private const string Account = "111111111111";
    private const string Region = "us-east-1";
    private readonly RehearsalWorld _world = new(new RehearsalOptions());
    private readonly VpcEndpoints _endpoints;

    public VpcEndpointsTests() => _endpoints = new VpcEndpoints(_world);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_endpoint_is_pending_then_available_under_regional_zonal_and_private_names()
    {
        var service = await Service(acceptanceRequired: false, "inventory.example.com");

        var endpoint = await _world.Do(() => _endpoints.Create(Wish(service.Name) with { PrivateDns = true }));
        await _world.RunUntil(() => Find(endpoint.Id)?.State == "available");

        endpoint.State.ShouldBe("pending");
        (_world.Now - Epoch.Start).ShouldBeGreaterThanOrEqualTo(Durations.VpcEndpoint.Shortest);
        endpoint.NetworkInterfaceIds.Count.ShouldBe(2);
        endpoint.DnsNames.Count.ShouldBe(4);
        endpoint.DnsNames[0].Name.ShouldMatch($"^{endpoint.Id}-[0-9a-f]{{8}}\\.{service.Id}\\.us-east-1\\.vpce\\.amazonaws\\.com$");
        endpoint.DnsNames[1].Name.ShouldContain("-us-east-1a.");
        endpoint.DnsNames[2].Name.ShouldContain("-us-east-1b.");
        endpoint.DnsNames[3].Name.ShouldBe("inventory.example.com");
    }

    [Fact]
    public async Task An_endpoint_waits_for_acceptance_where_the_service_asks_for_it()
    {
        var service = await Service(acceptanceRequired: true);

        var endpoint = await _world.Do(() => _endpoints.Create(Wish(service.Name)));
        endpoint.State.ShouldBe("pendingAcceptance");
        await _world.Do(() => _endpoints.Accept(Account, Region, endpoint.Id));

        await _world.RunUntil(() => Find(endpoint.Id)?.State == "available");
    }

    [Fact]
    public async Task A_deleted_endpoint_goes_away_and_lets_its_service_be_deleted()
    {
        var service = await Service(acceptanceRequired: false);
        var endpoint = await _world.Do(() => _endpoints.Create(Wish(service.Name)));

        var refused = await Should.ThrowAsync<ApiException>(_world.Do(() => _endpoints.DeleteService(Region, service.Id)));
        await _world.Do(() => _endpoints.Delete(Find(endpoint.Id)!));
        await _world.RunUntil(() => Find(endpoint.Id) is null);
        await _world.Do(() => _endpoints.DeleteService(Region, service.Id));

        refused.Code.ShouldBe("ExistingVpcEndpointConnections");
        _endpoints.Services(Region).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("com.amazonaws.vpce.us-east-1.vpce-svc-0", "subnet-a", "InvalidServiceName")]
    [InlineData(null, "subnet-c", "InvalidParameter")]
    [InlineData(null, "subnet-x", "InvalidSubnetId.NotFound")]
    public async Task An_endpoint_to_nowhere_is_refused(string? name, string subnet, string code)
    {
        var service = await Service(acceptanceRequired: false);

        var refused = await Should.ThrowAsync<ApiException>(
            _world.Do(() => _endpoints.Create(Wish(name ?? service.Name) with { SubnetIds = [subnet] }))
        );

        refused.Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_service_takes_no_application_load_balancer()
    {
        var refused = await Should.ThrowAsync<ApiException>(
            _world.Do(() =>
            {
                Balancers.Put(
                    Account,
                    Region,
                    new LoadBalancer("alb", "alb-arn", "application", "alb.example.com", "vpc-1", ["us-east-1a"])
                );
                _endpoints.CreateService(Account, Region, ["alb-arn"], false, null, new Dictionary<string, string>());
            })
        );

        refused.Code.ShouldBe("InvalidParameter");
    }

    private LoadBalancers Balancers => new(_world);

    private VpcEndpoint? Find(string id) => _endpoints.Find(Account, Region, id);

    private Task<EndpointService> Service(bool acceptanceRequired, string? privateName = null) =>
        _world.Do(() =>
        {
            var networks = new Networks(_world);
            foreach (var zone in "abc")
            {
                networks.Put(
                    Account,
                    Region,
                    new Subnet($"subnet-{zone}", "vpc-1", "10.213.0.0/20", Region + zone, new Dictionary<string, string>())
                );
            }

            Balancers.Put(
                Account,
                Region,
                new LoadBalancer("nlb", "nlb-arn", "network", "nlb.example.com", "vpc-1", ["us-east-1a", "us-east-1b"])
            );
            return _endpoints.CreateService(
                Account,
                Region,
                ["nlb-arn"],
                acceptanceRequired,
                privateName,
                new Dictionary<string, string>()
            );
        });

    private static VpcEndpointWish Wish(string service) =>
        new(Account, Region, "vpc-1", service, ["subnet-a", "subnet-b"], ["sg-1"], false, new Dictionary<string, string>());
}
