namespace Deployer.Cli.Tests.Doctor;

/// <summary>The doctor of a service with an ECS service and transactors, whose accounts are as its documents say.</summary>
public sealed class OrdersTests(DoctoredOrders orders) : IClassFixture<DoctoredOrders>
{
    [Fact]
    public async Task Nothing_stands_in_the_way_of_a_deployment()
    {
        var problems = await orders.Problems();

        problems.ShouldBeEmpty(string.Join('\n', problems));
    }
}
