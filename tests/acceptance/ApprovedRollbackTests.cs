using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
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
        first.Report.Verdict.ShouldBe(Verdict.Succeeded, first.Terminal);
        var before = (await ContainerService.Find(_service, State)).TaskDefinition;
        var image = await Image();
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, approval: true, ");
        await ContainerService.AnotherCommit(_service);
        var asked = await Run("deploy");
        asked.ExitCode.ShouldBe(4, asked.Terminal);
        var second = await Approve(asked);
        second.Report.Verdict.ShouldBe(Verdict.Succeeded, second.Terminal);
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
            planned.Report.Verdict.ShouldBe(Verdict.WaitingForApproval);
            planned.Report.Executions.ShouldHaveSingleItem().Machine.ShouldBe("deployer-dev-plan");
            planned.Report.Plan!.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
            planned.ShouldLeaveNothingBehind();
        }

        (decided.ExitCode, decided.Report.Verdict).ShouldBe((0, Verdict.Rejected), decided.Terminal);
        refused.ExitCode.ShouldBe(2);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        approved.Report.Plan!.Digest.ShouldBe(waiting.Report.Plan!.Digest);
        approved.Report.Plan.ApprovedBy.ShouldBe("root with deployer approve");
        approved.Report.Steps.ShouldHaveSingleItem().Action.ShouldBe(StepAction.Released);
        (await Image()).ShouldBe(image);
        again.ExitCode.ShouldBe(0, again.Terminal);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, "nothing to do is nothing to approve");
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
        (await Approve(await Run("deploy"))).Report.Verdict.ShouldBe(Verdict.Succeeded);

        var back = await RollBack(first);
        var approved = await Approve(back);
        var further = await RollBack(second);

        back.ExitCode.ShouldBe(4, back.Terminal);
        back.Report.Plan!.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        further.ExitCode.ShouldBe(4, further.Terminal);

        async Task<string> Deployed()
        {
            var deployed = await Run("rehearse");
            if (deployed.ExitCode == 1)
            {
                deployed = await Run("deploy");
            }

            deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
            return deployed.Report.Revision!;
        }
    }

    /// <summary>A rule holds from the moment in which the file has it, also before anything was deployed with it.</summary>
    [Fact]
    public async Task A_rule_that_was_just_written_holds_a_rollback_before_anything_was_deployed_by_it()
    {
        _service = await ContainerService.Write(_folder.Path);
        var first = await Run("rehearse");
        await ContainerService.AnotherCommit(_service);
        (await Run("deploy")).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, approval: true, ");

        var waiting = await RollBack(first.Report.Revision!);
        var approved = await Approve(waiting);

        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        waiting.Report.Plan!.NeedsApproval.ShouldBe(["1 of 1 steps have something to do"]);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        approved.Report.Plan!.ApprovedBy.ShouldBe("root with deployer approve");
    }

    [Fact]
    public async Task A_rollback_by_a_file_without_a_rule_waits_where_the_last_deployment_had_one()
    {
        _service = await ContainerService.Write(_folder.Path);
        var first = await Run("rehearse");
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, approval: true, ");
        await ContainerService.AnotherCommit(_service);
        (await Approve(await Run("deploy"))).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, approval: true, ", "region: us-east-1, ");

        var waiting = await RollBack(first.Report.Revision!);
        var approved = await Approve(waiting);

        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        waiting.Report.Verdict.ShouldBe(Verdict.WaitingForApproval);
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
    }

    /// <summary>The file of the revision that runs has no rule, and says that what others change is deployed again.</summary>
    [Fact]
    public async Task What_others_change_after_a_rollback_to_a_file_without_a_rule_is_deployed_again_once_somebody_approves()
    {
        _service = await ContainerService.Write(_folder.Path);
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, onStackChange: redeploy, ");
        var first = await Run("rehearse");
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, ", "region: us-east-1, approval: true, ");
        await ContainerService.AnotherCommit(_service);
        (await Approve(await Run("deploy"))).Report.Verdict.ShouldBe(Verdict.Succeeded);
        var newer = (await ContainerService.Find(_service, State)).TaskDefinition;
        (await Approve(await RollBack(first.Report.Revision!))).Report.Verdict.ShouldBe(Verdict.Succeeded);
        var wanted = await Image();

        var (look, deployments) = await ChangeByHand(newer);
        var approved = await CommandLine.InProcess("approve", look.Plan!, "--rehearsed", State);
        var decided = await Looks();

        look.Result.ShouldBe("planned");
        look.Reason.ShouldBe($"plan {look.Plan} waits for an approval: 1 of 1 steps have something to do");
        deployments.ShouldBe(0, "nobody has approved it");
        approved.Report.Verdict.ShouldBe(Verdict.Succeeded, approved.Terminal);
        (await Image()).ShouldBe(wanted);
        decided
            .Single(found => found.Plan == look.Plan)
            .Reason.ShouldNotBeNull()
            .ShouldMatch($"plan {look.Plan} was approved by root with deployer approve at [^,]+, and is deployed by [^ ]+$");
    }

    /// <summary>Somebody has the service run another task definition, and the deployer looks.</summary>
    /// <returns>The look, and how many deployments have begun since.</returns>
    private async Task<(LookReport Look, int Deployments)> ChangeByHand(string definition)
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var before = await Deployments();
        await accounts
            .Target.Target("us-east-1")
            .Ecs.UpdateServiceAsync(
                new Amazon.ECS.Model.UpdateServiceRequest
                {
                    Cluster = ContainerService.Cluster,
                    Service = ContainerService.Name,
                    TaskDefinition = definition,
                }
            );
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(40));
        var looks = await LookReport.All(accounts.Tools.Ledger("dev"), "inventory", "dev");
        return (looks.Last(look => look.Plan is not null), await Deployments() - before);

        async Task<int> Deployments() =>
            (await accounts.Rehearsal.Executions()).Count(execution => execution.MachineName == "deployer-dev-deploy");
    }

    private async Task<IReadOnlyList<LookReport>> Looks()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        return await LookReport.All(accounts.Tools.Ledger("dev"), "inventory", "dev");
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
