using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;

namespace Deployer.Acceptance.Tests;

/// <summary>Rollbacks of a target that is deployed by approved plans only.</summary>
public sealed class ApprovedRollbackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    /// <summary>The revision's own file asks for no approval: the last deployment's does.</summary>
    [Fact]
    public async Task A_rollback_stops_after_its_plan_and_deploys_what_was_approved()
    {
        _service = await ContainerService.Write(_folder.Path);
        var first = await Run("rehearse");
        first.Report.Verdict.ShouldBe("succeeded", first.Terminal);
        var before = (await ContainerService.Find(_service, State)).TaskDefinition;
        var image = await Image();
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, approval: true, ");
        await ContainerService.AnotherCommit(_service);
        var asked = await Run("deploy");
        asked.ExitCode.ShouldBe(4, asked.Terminal);
        var second = await Approve(asked);
        second.Report.Verdict.ShouldBe("succeeded", second.Terminal);
        var after = (await ContainerService.Find(_service, State)).TaskDefinition;
        after.ShouldNotBe(before);
        (await Image()).ShouldNotBe(image);
        var commit = first.Report.Revision!;

        var rejected = await RollBack(commit);
        var decided = await Decide("reject", rejected);
        var refused = await Approve(rejected);
        var waiting = await RollBack(commit);
        (await ContainerService.Find(_service, State)).TaskDefinition.ShouldBe(after, "nobody has approved it");
        var approved = await Approve(waiting);
        var again = await RollBack(commit);

        foreach (var planned in new[] { rejected, waiting })
        {
            planned.ExitCode.ShouldBe(4, planned.Terminal);
            planned.Report.Verdict.ShouldBe("waiting-for-approval");
            planned.Report.Executions.ShouldHaveSingleItem().Machine.ShouldBe("deployer-dev-plan");
            planned.Report.Plan!.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
            planned.ShouldLeaveNothingBehind();
        }

        (decided.ExitCode, decided.Report.Verdict).ShouldBe((0, "rejected"), decided.Terminal);
        refused.ExitCode.ShouldBe(2);
        approved.Report.Verdict.ShouldBe("succeeded", approved.Terminal);
        approved.Report.Plan!.Digest.ShouldBe(waiting.Report.Plan!.Digest);
        approved.Report.Plan.ApprovedBy.ShouldBe("deployer approve");
        approved.Report.Steps.ShouldHaveSingleItem().Action.ShouldBe(StepAction.Released);
        (await Image()).ShouldBe(image);
        again.ExitCode.ShouldBe(0, again.Terminal);
        again.Report.Verdict.ShouldBe("nothing-to-do", "nothing to do is nothing to approve");
    }

    /// <summary>An old file may ask about less than the last one did, and what a rollback left behind asks about nothing.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("approval: { for: [ removals ] }, ")]
    public async Task No_old_revision_is_a_way_past_the_rule_of_the_last_deployment(string old)
    {
        _service = await ContainerService.Write(_folder.Path);
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", $"region: us-east-1, {old}");
        var first = await Deployed();
        await ContainerService.AnotherCommit(_service);
        var second = await Deployed();
        await SmallService.Change(_service, "deployer.yaml", $"region: us-east-1, {old}", "region: us-east-1, approval: true, ");
        await ContainerService.AnotherCommit(_service);
        (await Approve(await Run("deploy"))).Report.Verdict.ShouldBe("succeeded");

        var back = await RollBack(first);
        var approved = await Approve(back);
        var further = await RollBack(second);

        back.ExitCode.ShouldBe(4, back.Terminal);
        back.Report.Plan!.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
        approved.Report.Verdict.ShouldBe("succeeded", approved.Terminal);
        further.ExitCode.ShouldBe(4, further.Terminal);

        async Task<string> Deployed()
        {
            var deployed = await Run("rehearse");
            if (deployed.ExitCode == 1)
            {
                deployed = await Run("deploy");
            }

            deployed.Report.Verdict.ShouldBe("succeeded", deployed.Terminal);
            return deployed.Report.Revision!;
        }
    }

    private async Task<string> Image()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var definition = (
            await accounts
                .Target.Target("us-east-1")
                .Ecs.DescribeTaskDefinitionAsync(
                    new Amazon.ECS.Model.DescribeTaskDefinitionRequest
                    {
                        TaskDefinition = (
                            await accounts
                                .Target.Target("us-east-1")
                                .Ecs.DescribeServicesAsync(
                                    new Amazon.ECS.Model.DescribeServicesRequest
                                    {
                                        Cluster = ContainerService.Cluster,
                                        Services = [ContainerService.Name],
                                    }
                                )
                        )
                            .Services[0]
                            .TaskDefinition,
                    }
                )
        ).TaskDefinition;
        return definition.ContainerDefinitions[0].Image;
    }

    private Task<CommandResult> Run(string command, params string[] options) =>
        CommandLine.InProcess([command, _service, "--target", "dev", "--state", State, .. options]);

    private Task<CommandResult> RollBack(string commit) => Run("rollback", "--to", commit);

    private Task<CommandResult> Approve(CommandResult waiting) => Decide("approve", waiting);

    private Task<CommandResult> Decide(string verb, CommandResult waiting) =>
        CommandLine.InProcess(verb, waiting.Report.Plan!.Plan, "--rehearsed", State);
}
