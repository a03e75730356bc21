using System.Text.Json;
using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A rollback to a commit brings back all that ran once it was deployed: also of steps that had no changes there, and of a commit with none
/// at all.
/// </summary>
public sealed class RollbackToCommitTests : IDisposable
{
    private const string First = "5f0c3b0e";

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_step_that_had_no_changes_at_the_commit_goes_back_too()
    {
        var service = await Deployed();
        await SetVariable(service, "1", "2");
        await Released(service);
        var second = await Newest(service);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.7705 # the same");
        (await OrdersService.Rehearse(service, State)).Report.Verdict.ShouldBe(Verdict.NothingToDo);
        var unchanged = await Newest(service);
        await SetVariable(service, "2", "3");
        await OrdersService.AnotherImage(service);
        await Released(service);

        var back = await Rollback(service, second);
        var (image, web) = await Running(service);
        var again = await Rollback(service, unchanged);

        unchanged.ShouldNotBe(second);
        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
        back.Report.Steps.Select(step => step.Name).ShouldBe(["transactor", "web"]);
        image.ShouldContain(First);
        web.ShouldContain("V=2");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Report.Cause ?? again.Terminal);
        (await Released(service, State)).ShouldBe([
            string.Empty,
            "transactor web",
            "transactor web",
            string.Empty,
            "web",
            "transactor web",
        ]);
    }

    [Fact]
    public async Task What_a_failed_watch_advises_takes_no_other_step_back()
    {
        var service = await Deployed();
        await SetVariable(service, "1", "2");
        await Released(service);
        var second = await Newest(service);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, State, "--fault", "transactor-reports-alarms");
        var back = await Rollback(service, second);
        var (image, web) = await Running(service);

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Report.Cause);
        failed.Report.Cause!.ShouldContain($"rollback --to {second} brings back");
        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
        image.ShouldContain(First);
        web.ShouldContain("V=2");
    }

    [Fact]
    public async Task A_step_that_has_another_name_by_now_is_reported_by_the_one_of_then()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            (await accounts.Tools.Ledger("dev").Query(PushedRevision.All("inventory"))).ShouldHaveSingleItem();
        }

        var first = await Newest(service, state, "inventory");
        await SmallService.Change(service, "deployer.yaml", "  web:", "  front:");
        await SmallService.Change(
            service,
            "deployer.yaml",
            "    cluster: inventory-${target}\n",
            "    cluster: inventory-${target}\n    environment: { BAD: \"2\" }\n"
        );
        (await ContainerService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        var back = await CommandLine.InProcess("rollback", service, "--target", "dev", "--to", first, "--state", state);

        back.ExitCode.ShouldBe(0, back.Terminal);
        back.Report.Steps.Select(step => (step.Name, step.Kind)).ShouldBe([("web", "service")]);
        back.Terminal.ShouldContain(
            """
            What runs now
              web: inventory-dev-web:2 (released), image
            """
        );
        back.Report.Notices.ShouldHaveSingleItem()
            .ShouldBe(
                $"front: the deployer.yaml of {first} has no such step, so nothing was done for it: "
                    + "what it deployed last stays, unless another step deploys to the same"
            );
    }

    /// <summary>The steps that each deployment released, the newest first.</summary>
    private static async Task<IReadOnlyList<string>> Released(string service, string state)
    {
        using var history = JsonDocument.Parse(await CommandLine.Document("history", service, "--target", "dev", "--rehearsed", state));
        return
        [
            .. history
                .RootElement.GetProperty("deployments")
                .EnumerateArray()
                .Select(past => string.Join(' ', past.GetProperty("released").EnumerateObject().Select(released => released.Name).Order())),
        ];
    }

    /// <summary>The example, with a variable of its second step that tests change.</summary>
    private async Task<string> Deployed()
    {
        var service = Path.Combine(_folder.Path, "service");
        Folders.Copy(OrdersService.Example, service);
        await SmallService.Change(service, "deployer.yaml", "environment: { ", "environment: { V: \"1\", ");
        await SmallService.Change(service, "deployer.yaml", "orders:${revision}", $"orders@sha256:{new string('a', 64)}");
        await Released(service);
        return service;
    }

    private static Task SetVariable(string service, string from, string to) =>
        SmallService.Change(service, "deployer.yaml", $"V: \"{from}\"", $"V: \"{to}\"");

    private async Task Released(string service)
    {
        var deployed = await OrdersService.Rehearse(service, State);
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Report.Cause ?? deployed.Terminal);
    }

    private Task<CommandResult> Rollback(string service, string commit) =>
        CommandLine.InProcess("rollback", service, "--target", "dev", "--to", commit, "--state", State);

    private Task<string> Newest(string service) => Newest(service, State, "orders");

    private static async Task<string> Newest(string service, string state, string name)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        return (await accounts.Tools.Ledger("dev").Query(CommitRelease.All(name, "dev"))).MaxBy(release => release.Number)!.Commit;
    }

    /// <summary>The image of the transactor, and the variables of the other service.</summary>
    private async Task<(string Image, IReadOnlyList<string> Variables)> Running(string service)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var ecs = accounts.Target.Target(OrdersService.Region).Ecs;
        var found = (
            await ecs.DescribeServicesAsync(
                new DescribeServicesRequest { Cluster = OrdersService.Name, Services = ["orders-dev-a", "orders-dev-web"] }
            )
        ).Services;
        var definitions = new List<TaskDefinition>();
        foreach (var one in found.OrderBy(one => one.ServiceName, StringComparer.Ordinal))
        {
            definitions.Add(
                (
                    await ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = one.TaskDefinition })
                ).TaskDefinition
            );
        }

        return (
            definitions[0].ContainerDefinitions[0].Image,
            [.. definitions[1].ContainerDefinitions[0].Environment.Select(variable => $"{variable.Name}={variable.Value}")]
        );
    }
}
