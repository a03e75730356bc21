using System.Text.Json;
using Amazon.AutoScaling.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Plans;

namespace Deployer.Acceptance.Tests;

/// <summary>The example deployed, its group turned off, deployed without success, and turned on again.</summary>
public sealed class GroupOffAndOn : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public CommandResult Deployed { get; private set; } = null!;

    public CommandResult Off { get; private set; } = null!;

    public AutoScalingGroup WhileOff { get; private set; } = null!;

    public CommandResult OffAgain { get; private set; } = null!;

    public CommandResult Plan { get; private set; } = null!;

    public CommandResult Redeployed { get; private set; } = null!;

    public CommandResult Changed { get; private set; } = null!;

    public CommandResult On { get; private set; } = null!;

    public AutoScalingGroup WhenOn { get; private set; } = null!;

    public CommandResult OnAgain { get; private set; } = null!;

    public CommandResult After { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Deployed = await CommandLine.Rehearse("--state", _state.Path);
        Off = await Group("off");
        WhileOff = await ScalingGroup();
        OffAgain = await Group("off", "--step", "group");
        Plan = await CommandLine.InProcess("plan", CommandLine.Inventory, "--target", "dev", "--state", _state.Path);
        Redeployed = await CommandLine.Rehearse("--state", _state.Path);
        var service = CommandLine.CopyInventory(_folder.Path);
        await File.AppendAllTextAsync(Path.Combine(service, "ions", "src", "inventory", "ions.clj"), "\n; a second release\n");
        Changed = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);
        On = await Group("on");
        WhenOn = await ScalingGroup();
        OnAgain = await Group("on");
        After = await CommandLine.Rehearse("--state", _state.Path);

        Task<CommandResult> Group(string capacity, params string[] options) =>
            CommandLine.InProcess(["group", capacity, CommandLine.Inventory, "--target", "dev", "--state", _state.Path, .. options]);
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<AutoScalingGroup> ScalingGroup()
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        return await accounts.ScalingGroup();
    }
}

public sealed class GroupTests(GroupOffAndOn group) : IClassFixture<GroupOffAndOn>
{
    [Fact]
    public void Off_takes_every_instance()
    {
        group.Off.ExitCode.ShouldBe(0, group.Off.Report.Cause);
        group.Off.Report.Verdict.ShouldBe(Verdict.Succeeded);
        group.Off.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("group", StepAction.Off)]);
        group.Off.Count("UpdateAutoScalingGroup", "deployer-dev-target").ShouldBe(1);
        (group.WhileOff.MinSize, group.WhileOff.DesiredCapacity, group.WhileOff.Instances?.Count ?? 0).ShouldBe((0, 0, 0));
        group.Off.Terminal.ShouldContain("group inventory-dev: no instances");
        group.Off.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void Off_a_second_time_has_nothing_to_do()
    {
        group.OffAgain.Report.Verdict.ShouldBe(Verdict.NothingToDo, group.OffAgain.Report.Cause);
        group.OffAgain.Count("UpdateAutoScalingGroup").ShouldBe(0);
    }

    [Fact]
    public void A_plan_says_that_the_group_is_off()
    {
        group.Plan.ExitCode.ShouldBe(1);
        var plan = JsonSerializer.Deserialize<ServicePlan>(group.Plan.Json, JsonSerializerOptions.Web)!;
        plan.Steps.Single(step => step.Step == "ions")
            .Problem.ShouldNotBeNull()
            .ShouldStartWith("GroupOffException: inventory-dev is off, so no instance would run the revision; turn it on first");
    }

    [Fact]
    public void The_same_ions_are_not_deployed_to_a_group_that_is_off() => ShouldBeRefused(group.Redeployed);

    [Fact]
    public void Other_ions_are_not_built_for_a_group_that_is_off() => ShouldBeRefused(group.Changed);

    [Fact]
    public void On_brings_as_many_instances_with_the_revision_that_was_released()
    {
        group.On.ExitCode.ShouldBe(0, group.On.Report.Cause);
        group.On.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("group", StepAction.On)]);
        (group.WhenOn.MinSize, group.WhenOn.DesiredCapacity).ShouldBe((2, 2));
        group.WhenOn.Instances.Select(instance => instance.LifecycleState.Value).ShouldBe(["InService", "InService"]);
        group
            .WhenOn.Instances.Select(instance => instance.InstanceId)
            .Intersect(group.Deployed.Report.Ions.Single().Instances.Select(instance => instance.Id))
            .ShouldBeEmpty();
        group.On.Terminal.ShouldContain("group inventory-dev: revision ");
        group.On.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void On_a_second_time_has_nothing_to_do() =>
        group.OnAgain.Report.Verdict.ShouldBe(Verdict.NothingToDo, group.OnAgain.Report.Cause);

    [Fact]
    public void A_deployment_after_that_has_nothing_to_do()
    {
        group.After.Report.Verdict.ShouldBe(Verdict.NothingToDo, group.After.Report.Cause);
        group.After.ShouldChangeNothing();
    }

    private static void ShouldBeRefused(CommandResult refused)
    {
        refused.Report.Error.ShouldBe("GroupOffException");
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldContain("inventory-dev is off, so no instance would run the revision; turn it on first ('deployer group on'");
        refused.Count("StartBuild").ShouldBe(0);
        refused.ShouldLeaveNothingBehind();
    }
}
