using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ions;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// A rollback of an ECS service brings back the revision of the task definition that ran then: what was added since goes, also where the
/// step of then does not name it.
/// </summary>
public sealed class EcsRollbackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_later_deployment_added_is_gone_after_a_rollback_and_a_second_one_has_nothing_to_do()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        var first = await Running(service, state);
        var commit = await Commit(service, state);
        await SmallService.Change(
            service,
            "deployer.yaml",
            "    cluster: inventory-${target}\n",
            "    cluster: inventory-${target}\n    environment: { BAD: \"2\" }\n"
        );
        (await ContainerService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        Variables(await Running(service, state)).ShouldContain("BAD=2");

        var back = await Rollback();
        var after = await Running(service, state);
        var again = await Rollback();

        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
        Variables(after).ShouldBe(Variables(first));
        after.ContainerDefinitions[0].Image.ShouldBe(first.ContainerDefinitions[0].Image);
        after.TaskDefinitionArn.ShouldBe(first.TaskDefinitionArn, "it is registered, and deployed as it is");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Report.Cause ?? again.Terminal);
        again.ShouldChangeNothing();

        Task<CommandResult> Rollback() => CommandLine.InProcess("rollback", service, "--target", "dev", "--to", commit, "--state", state);
    }

    /// <summary>
    /// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html: what is deregistered can be read,
    /// and no service be updated to it.
    /// </summary>
    [Fact]
    public async Task A_revision_that_was_deregistered_since_comes_back_as_a_copy_and_a_second_rollback_has_nothing_to_do()
    {
        var (state, service) = await ContainerService.CopyDeployed(_folder.Path);
        var first = await Running(service, state);
        var commit = await Commit(service, state);
        (await ContainerService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts.Call<DeregisterTaskDefinitionResponse>(
                new DeregisterTaskDefinitionRequest { TaskDefinition = first.TaskDefinitionArn }
            );
        }

        var back = await Rollback();
        var after = await Running(service, state);
        var again = await Rollback();

        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
        (first.Revision, after.Revision).ShouldBe((2, 4), "a copy, beside what was deployed between");
        after.Status.ShouldBe(Amazon.ECS.TaskDefinitionStatus.ACTIVE);
        after.ContainerDefinitions[0].Image.ShouldBe(first.ContainerDefinitions[0].Image);
        Variables(after).ShouldBe(Variables(first));
        (await ContainerService.Described(service, state)).ShouldEndWith(":4 COMPLETED 2/2");
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Report.Cause ?? again.Terminal);
        again.ShouldChangeNothing();

        Task<CommandResult> Rollback() => CommandLine.InProcess("rollback", service, "--target", "dev", "--to", commit, "--state", state);
    }

    private static IReadOnlyList<string> Variables(TaskDefinition definition) =>
        [.. definition.ContainerDefinitions[0].Environment.Select(variable => $"{variable.Name}={variable.Value}").Order()];

    private static async Task<TaskDefinition> Running(string service, string state)
    {
        var found = await ContainerService.Find(service, state);
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        return (
            await accounts.Call<DescribeTaskDefinitionResponse>(new DescribeTaskDefinitionRequest { TaskDefinition = found.TaskDefinition })
        ).TaskDefinition;
    }

    private static async Task<string> Commit(string service, string state)
    {
        await using var accounts = await SimulatedAccounts.OpenService(service, state);
        return (await accounts.Tools.Ledger("dev").Query(PushedRevision.All("inventory"))).Single().Name;
    }
}
