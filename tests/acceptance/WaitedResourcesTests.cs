using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.AwsAccounts;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>What whoever follows a deployment on AWS is shown of what its tasks wait for.</summary>
public sealed class WaitedResourcesTests : IDisposable
{
    private static readonly DeploymentId Deployment = new("followed");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_running_task_waits_for_is_named_once_and_what_comes_after_it_as_well()
    {
        await using var accounts = await SimulatedAccounts.OpenService(OrdersService.Example, Path.Combine(_folder.Path, "state"));
        var ledger = accounts.Tools.Ledger("dev");
        var waited = new WaitedResources(ledger, Deployment);
        await Put(ledger, "web", "deploy", TaskState.Running, "ecs-svc/1");
        await Put(ledger, "transactor", "standby", TaskState.Succeeded, "ecs-svc/0");
        await Put(ledger, "later", "update", TaskState.Running, "ecs-svc/2");

        var first = await waited.Next(mayDiffer: true, step => step != "later");
        var second = await waited.Next(mayDiffer: true, step => step != "later");
        await Put(ledger, "web", "deploy", TaskState.Running, "ecs-svc/3");
        var soon = await waited.Next(mayDiffer: false, _ => true);
        var third = await waited.Next(mayDiffer: true, _ => true);

        first.ShouldBe([("web", "deployment ecs-svc/1")]);
        second.ShouldBeEmpty();
        soon.ShouldBeEmpty("it is not looked for at each read of the history");
        third.ShouldBe([("later", "deployment ecs-svc/2"), ("web", "deployment ecs-svc/3")]);
    }

    private static Task Put(LedgerTable ledger, string step, string task, TaskState state, string resource) =>
        ledger.Put(
            TaskRecord.Key(Deployment, step, task),
            new TaskRecord
            {
                Deployment = Deployment,
                Step = step,
                Task = task,
                Kind = "service",
                State = state,
                Resource = resource,
            }
        );
}
