using Amazon.CloudFormation.Model;
using Amazon.ECS.Model;
using Amazon.SimpleSystemsManagement;
using Amazon.SimpleSystemsManagement.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Secrets of a transactor: the task definition says where they come from, and the execution role reads those that the stack names.
/// </summary>
public sealed class TransactorSecretsTests : IDisposable
{
    private const string Stack = "orders-dev-transactor";
    private const string Password = "arn:aws:secretsmanager:us-east-1:111111111111:secret:orders/memcached-AbCdEf";
    private const string Token = "arn:aws:ssm:us-east-1:111111111111:parameter/orders/dev/token";
    private const string Hidden = "kept-to-itself-7b3e";

    private static readonly string[] OfEveryTransactor =
    [
        "DATOMIC_HEAP=4g",
        "DATOMIC_NAME=orders-dev",
        "DATOMIC_PROPERTY_MEMORY_INDEX_MAX=512m",
        "DATOMIC_PROPERTY_MEMORY_INDEX_THRESHOLD=32m",
        "DATOMIC_PROPERTY_OBJECT_CACHE_MAX=1g",
        "DATOMIC_REGION=us-east-1",
        "DATOMIC_TABLE=orders-dev",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_reach_the_tasks_where_the_stack_names_them_and_nothing_else_of_them_is_kept()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        var first = await Running(service, state, "b");
        await Make(service, state);
        const string Secrets = $"""
                secrets:
                  memcached-password: "{Password}"
                  TOKEN: "{Token}"

            """;
        await SmallService.Change(
            service,
            "deployer.yaml",
            "    properties: ",
            "    environment: { TEAM: orders }\n"
                + Secrets
                + "    javaOptions: [ -Ddatomic.ddbRequestTimeout=2000, \"-XX:MaxDirectMemorySize=1g\" ]\n    properties: "
        );

        await Name(service, state, Password);
        var refused = await OrdersService.Rehearse(service, state);
        await Name(service, state, $"{Password},{Token}");
        var rolled = await OrdersService.Rehearse(service, state);
        var given = await Running(service, state, "a");
        var again = await OrdersService.Rehearse(service, state);
        await SmallService.Change(service, "deployer.yaml", Secrets, string.Empty);
        var without = await OrdersService.Rehearse(service, state);
        var taken = await Running(service, state, "b");

        refused.Report.Error.ShouldBe("StandbyFailedException", refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain("is not authorized to perform: ssm:GetParameters on resource: " + Token);
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Report.Cause ?? rolled.Terminal);
        given
            .Secrets.Select(one => $"{one.Name} from {one.ValueFrom}")
            .ShouldBe([$"DATOMIC_PROPERTY_MEMCACHED_PASSWORD from {Password}", $"TOKEN from {Token}"]);
        const string Options = "DATOMIC_JAVA_OPTIONS=-Ddatomic.ddbRequestTimeout=2000\n-XX:MaxDirectMemorySize=1g";
        Variables(given)
            .ShouldBe(
                [.. OfEveryTransactor, Options, "DATOMIC_SECRETS=DATOMIC_PROPERTY_MEMCACHED_PASSWORD TOKEN", "TEAM=orders"],
                ignoreOrder: true
            );
        (rolled.Json + rolled.Terminal).ShouldNotContain(Hidden);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
        without.Report.Verdict.ShouldBe(Verdict.Succeeded, without.Report.Cause ?? without.Terminal);
        (taken.Secrets ?? []).ShouldBeEmpty();
        Variables(taken).ShouldBe([.. OfEveryTransactor, Options, "TEAM=orders"], ignoreOrder: true);
        foreach (var container in new[] { given, taken })
        {
            container.StopTimeout.ShouldBe(first.StopTimeout);
            container.HealthCheck.Command.ShouldBe(first.HealthCheck.Command);
        }
    }

    private static IEnumerable<string> Variables(ContainerDefinition container) =>
        container.Environment.Select(one => $"{one.Name}={one.Value}");

    private static async Task Make(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        await accounts
            .Target.Target(OrdersService.Region)
            .Parameters.PutParameterAsync(
                new PutParameterRequest
                {
                    Name = Token[(Token.IndexOf(":parameter", StringComparison.Ordinal) + ":parameter".Length)..],
                    Type = ParameterType.String,
                    Value = Hidden,
                }
            );
    }

    /// <summary>Gives the stack's parameter, by which the execution role may read secrets.</summary>
    private static async Task Name(string service, string state, string secrets)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var stacks = accounts.Target.Target(OrdersService.Region).CloudFormation;
        var stack = (await stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = Stack })).Stacks[0];
        await stacks.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = Stack,
                UsePreviousTemplate = true,
                Capabilities = ["CAPABILITY_IAM"],
                Parameters =
                [
                    .. stack.Parameters.Select(one =>
                        one.ParameterKey == "Secrets"
                            ? new Amazon.CloudFormation.Model.Parameter { ParameterKey = one.ParameterKey, ParameterValue = secrets }
                            : new Amazon.CloudFormation.Model.Parameter { ParameterKey = one.ParameterKey, UsePreviousValue = true }
                    ),
                ],
            }
        );
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(5));
        var updated = (await stacks.DescribeStacksAsync(new DescribeStacksRequest { StackName = Stack })).Stacks[0];
        updated.StackStatus.Value.ShouldBe("UPDATE_COMPLETE");
    }

    /// <summary>The container with the transactor of a service.</summary>
    private static async Task<ContainerDefinition> Running(string service, string state, string part)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var ecs = accounts.Target.Target(OrdersService.Region).Ecs;
        var running = (
            await ecs.DescribeServicesAsync(
                new DescribeServicesRequest { Cluster = OrdersService.Name, Services = [$"{OrdersService.Name}-{part}"] }
            )
        ).Services[0];
        running.RunningCount.ShouldBe(1);
        return (
            await ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = running.TaskDefinition })
        ).TaskDefinition.ContainerDefinitions.ShouldHaveSingleItem();
    }
}
