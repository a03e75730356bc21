using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Somebody keeps the newest revisions of task definitions alone, and deregisters what still runs: "you can't update an existing service to
/// reference an INACTIVE task definition", https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html.
/// </summary>
public sealed class DeregisteredRevisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        "transactor-does-not-take-over",
        "TakeoverFailedException",
        "^the active transactor of orders-dev-[ab] has ended, and no other one took over; ",
        2
    )]
    [InlineData(
        "transactor-does-not-stand-by",
        "StandbyFailedException",
        "^task [^ ]+ of orders-dev-[ab] runs and has not said in its log that it stands by",
        1
    )]
    public async Task A_former_transactor_is_put_back_by_a_copy_of_its_revision(string fault, string error, string cause, int copies)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await Deregister(service, state, "orders-dev:2");
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", fault);
        var described = await OrdersService.Described(service, state);
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--rehearsed", state);

        failed.Report.Error.ShouldBe(error, failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldMatch(cause);
        failed.Report.Cause.ShouldContain("put back to orders-dev:4, a copy of orders-dev:2, which was deregistered; ");
        described.Split(", ").Count(one => one[2..] == "4 COMPLETED 1/1").ShouldBe(copies, described);
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, redriven.Report.Cause ?? redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe(
            "a 5 COMPLETED 1/1, b 5 COMPLETED 1/1",
            "the copy is the newest of the family"
        );
    }

    /// <summary>Its former service is dropped, which names no revision.</summary>
    [Fact]
    public async Task A_single_transactor_is_replaced()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await Deregister(service, state, "orders-dev:2");
        await OrdersService.AnotherImage(service);

        var rolled = await OrdersService.Rehearse(service, state);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Report.Cause ?? rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldContain("3 COMPLETED 1/1");
    }

    /// <summary>The step of the commit is deployed again, by a revision of its own where the one of then is deregistered.</summary>
    [Fact]
    public async Task A_pair_goes_back_to_a_commit_whose_revision_was_deregistered()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        string commit;
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            commit = (await accounts.Tools.Ledger("dev").Query(PushedRevision.All("orders"))).Single().Name;
        }

        await OrdersService.AnotherImage(service);
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await Deregister(service, state, "orders-dev:2");

        var back = await Rollback();
        var described = await OrdersService.Described(service, state);
        var again = await Rollback();

        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
        described.ShouldBe("a 4 COMPLETED 1/1, b 4 COMPLETED 1/1");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Report.Cause ?? again.Terminal);

        Task<CommandResult> Rollback() => CommandLine.InProcess("rollback", service, "--target", "dev", "--to", commit, "--state", state);
    }

    /// <summary>What a deployment has registered and not come to deploy is registered once more by its redrive.</summary>
    [Fact]
    public async Task A_redrive_deploys_what_it_had_registered()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        await ContainerService.AnotherCommit(service);
        var failed = await ContainerService.Rehearse(service, state, "server-error:ecs:UpdateService:all");
        await Deregister(service, state, "inventory-dev-web:3");

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--rehearsed", state);

        failed.ExitCode.ShouldBe(1, failed.Terminal);
        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, redriven.Report.Cause ?? redriven.Terminal);
        (await ContainerService.Find(service, state)).TaskDefinition.ShouldEndWith(":4");
    }

    private static async Task Deregister(string service, string state, string revision)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        var done = await accounts
            .Target.Target(OrdersService.Region)
            .Ecs.DeregisterTaskDefinitionAsync(new DeregisterTaskDefinitionRequest { TaskDefinition = revision });
        done.TaskDefinition.Status.ShouldBe(TaskDefinitionStatus.INACTIVE);
    }
}
