using Deployer.Rehearsal.ElasticLoadBalancing;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.ElasticLoadBalancing;

public sealed class LoadBalancersTests : IAsyncDisposable
{
    private const string Account = "111111111111";
    private const string Region = "us-east-1";
    private const string Arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/inventory/0123456789abcdef";

    private static readonly LoadBalancer Balancer = new("inventory", Arn, "network", "inventory.example.com", "vpc-1", ["us-east-1a"]);

    private readonly RehearsalWorld _world = new(new RehearsalOptions());

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_load_balancer_is_found_by_its_ARN_in_its_account_and_region_alone()
    {
        var balancers = new LoadBalancers(_world);

        await _world.Do(() => balancers.Put(Account, Region, Balancer));

        balancers.Find(Account, Region, Arn).ShouldBe(Balancer);
        balancers.Find(Account, "eu-west-1", Arn).ShouldBeNull();
        balancers.Find("222222222222", Region, Arn).ShouldBeNull();
        balancers.Find(Account, Region, Arn[..^1]).ShouldBeNull();
    }

    [Fact]
    public async Task One_of_the_same_name_takes_its_place_and_a_removed_one_is_gone()
    {
        var balancers = new LoadBalancers(_world);
        var other = Balancer with { Arn = Arn[..^1] + "0" };

        await _world.Do(() => balancers.Put(Account, Region, Balancer));
        await _world.Do(() => balancers.Put(Account, Region, other));
        balancers.Find(Account, Region, Arn).ShouldBeNull();
        balancers.Find(Account, Region, other.Arn).ShouldBe(other);

        await _world.Do(() => balancers.Remove(Account, Region, Balancer.Name));
        balancers.Find(Account, Region, other.Arn).ShouldBeNull();
    }
}
