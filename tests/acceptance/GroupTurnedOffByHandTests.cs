using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

public sealed class GroupTurnedOffByHandTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    private static async Task<string> AnotherRelease(string folder)
    {
        var service = CommandLine.CopyInventory(folder);
        await File.AppendAllTextAsync(
            Path.Combine(service, "ions", "src", "inventory", "ions.clj"),
            "\n; another release\n",
            TestContext.Current.CancellationToken
        );
        return service;
    }

    /// <param name="minutes">How long after the group was turned on by hand the redrive comes.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_the_group_had_is_not_guessed_and_a_redrive_finds_what_was_mended(int minutes)
    {
        (await CommandLine.Rehearse("--state", _state.Path)).ExitCode.ShouldBe(0);
        await Set(0, minutes: 15);

        var unknown = await CommandLine.InProcess("group", "on", CommandLine.Inventory, "--target", "dev", "--state", _state.Path);

        unknown.ExitCode.ShouldBe(1);
        unknown.Report.Error.ShouldBe("CapacityUnknownException");
        unknown.Report.Cause.ShouldNotBeNull().ShouldContain("has a desired capacity of 0 and was not turned off by this deployer");
        unknown.ShouldLeaveNothingBehind();
        // Neither to turn it on nor a redrive would help before somebody has said how many instances there are to be.
        string.Join(' ', unknown.Terminal.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain($"serve {CommandLine.Inventory} --state {_state.Path}");

        await Set(2, minutes);
        var redriven = await CommandLine.InProcess("redrive", unknown.Report.Deployment!, "--state", _state.Path);

        redriven.ExitCode.ShouldBe(0, redriven.Report.Cause);
        redriven.Count("UpdateAutoScalingGroup").ShouldBe(0);
        redriven.ShouldLeaveNothingBehind();
    }

    /// <summary>The execution of the release before has succeeded; it says nothing about the revision that was to be deployed.</summary>
    [Fact]
    public async Task What_was_not_started_is_said_not_to_be_where_the_group_is_turned_off_meanwhile()
    {
        (await CommandLine.Rehearse("--state", _state.Path)).ExitCode.ShouldBe(0);
        using var folder = new TemporaryFolder();
        var service = await AnotherRelease(folder.Path);
        var schedule = await Scheduled.Write(
            folder.Path,
            """
            schedule:
              - { when: { begins: ions/DeployIons, wait: 100ms }, do: { turnOff: { group: inventory-dev } } }

            """
        );

        var run = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path, "--schedule", schedule);

        run.Report.Error.ShouldBe("CapacityUnknownException", run.Report.Cause);
        var ions = run.Report.Ions.ShouldHaveSingleItem();
        (ions.Revision, ions.DeployStatus).ShouldBe((run.Report.Revision, null));
        string.Join(' ', run.Terminal.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("datomic-inventory-dev was not started, CodeDeploy was not started");
    }

    /// <param name="minutes">How long after the group was turned on by hand the redrive comes.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Ions_for_it_are_refused_with_the_command_that_helps_and_a_redrive_waits_for_its_instances(int minutes)
    {
        (await CommandLine.Rehearse("--state", _state.Path)).ExitCode.ShouldBe(0);
        await Set(0, minutes: 15);
        using var folder = new TemporaryFolder();
        var service = await AnotherRelease(folder.Path);

        var refused = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);

        refused.Report.Error.ShouldBe("CapacityUnknownException", refused.Report.Cause);
        refused.Terminal.ShouldContain("aws autoscaling");
        refused.Terminal.ShouldNotContain("--auto-scaling-group-name NAME", Case.Sensitive, "the record has the group");
        refused.Terminal.ShouldNotContain("group on");

        await Set(2, minutes);
        var redriven = await CommandLine.InProcess("redrive", refused.Report.Deployment!, "--state", _state.Path);
        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, redriven.Report.Cause);
        redriven.Report.Ions.ShouldHaveSingleItem().Instances.Count.ShouldBe(2);
        redriven.ShouldLeaveNothingBehind();
    }

    private async Task Set(int capacity, int minutes)
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        var group = await accounts.ScalingGroup();
        await accounts.Target.AutoScaling.UpdateAutoScalingGroupAsync(
            new()
            {
                AutoScalingGroupName = group.AutoScalingGroupName,
                MinSize = capacity,
                DesiredCapacity = capacity,
            }
        );
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(minutes));
    }
}
