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

    [Fact]
    public async Task Nothing_is_found_where_the_service_s_access_names_the_roles_and_the_log_group_of_tasks()
    {
        await using (
            await orders.Change(
                DoctoredService.Target,
                "deployer-orders-dev",
                [("TaskRoles", "shop-tasks-*"), ("TaskLogGroup", "/orders/dev/transactor")]
            )
        )
        {
            var problems = await orders.Problems();

            problems.ShouldBeEmpty(string.Join('\n', problems));
        }
    }
}
