using Amazon.CloudFormation.Model;

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

    [Fact]
    public async Task A_service_that_there_is_not_and_transactors_that_cannot_be_rolled_or_watched_are_all_found()
    {
        const string Stack = "orders-dev-transactor";
        using var cloudFormation = orders.CloudFormation(DoctoredService.Target);
        var template = (await cloudFormation.GetTemplateAsync(new GetTemplateRequest { StackName = Stack })).TemplateBody;
        var changed = orders.Changed("deployer.yaml", ("    service: orders-${target}-web", "    service: orders-${target}-shop"));
        IReadOnlyList<Found> found;
        await using (
            await orders.Change(
                DoctoredService.Target,
                Stack,
                [],
                template
                    .Replace("AlarmName: !Sub ${Name}-standby-missing", "AlarmName: !Sub ${Name}-standby-gone", StringComparison.Ordinal)
                    .Replace("MaximumPercent: 200", "MaximumPercent: 100", StringComparison.Ordinal)
            )
        )
        {
            found = await orders.Findings(changed);
        }

        found
            .Select(result => (result.Check, result.Status, result.Text))
            .ShouldBe(
                [
                    ("service web", "problem", "the cluster orders-dev has no service orders-dev-shop in account 111111111111"),
                    .. new[] { "a", "b" }.Select(part =>
                        (
                            "transactor transactor",
                            "problem",
                            $"service orders-dev-{part} has a minimumHealthyPercent of 100 and a maximumPercent of 100, with which ECS "
                                + "starts no second task beside the first; give it 100 and 200, as templates/transactor.yaml does"
                        )
                    ),
                    (
                        "transactor transactor",
                        "notice",
                        "there is no alarm orders-dev-standby-missing in CloudWatch, as templates/transactor.yaml makes it"
                    ),
                ],
                ignoreOrder: true
            );
        found.Select(result => result.Remedy).ShouldContain("make it before the first deployment, or correct its name in deployer.yaml");
        found.Select(result => result.Remedy).ShouldContain("change its deployment configuration before the next roll");
    }
}
