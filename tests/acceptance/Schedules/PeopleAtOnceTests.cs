using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>People act from the first moment of a run on, and the run lasts until what they redrove has closed.</summary>
public sealed class PeopleAtOnceTests
{
    [Fact]
    public async Task Who_acts_at_once_has_the_rights_that_the_schedule_gives()
    {
        var group = await TurnOff(
            "schedule:\n"
                + Scheduled.Lines(
                    12,
                    person => $"  - {{ who: admin{person}, when: {{ at: 0s }}, do: {{ turnOff: {{ group: inventory-dev }} }} }}"
                )
        );

        group.ExitCode.ShouldBe(0, group.Terminal);
        group.Report.People!.Select(act => (act.Outcome, act.Problem)).Distinct().ShouldBe([(ActOutcome.Done, null)]);
    }

    [Fact]
    public async Task The_run_lasts_until_a_redrive_within_minutes_has_closed()
    {
        var group = await TurnOff(
            """
            schedule:
              - { who: alice, when: { begins: group, wait: 1s }, do: stop }
              - { who: bob, when: { closes: 1, wait: 1m }, do: redrive }
            """
        );

        group.ExitCode.ShouldBe(0, group.Terminal);
        group.Report.Verdict.ShouldBe(Verdict.Succeeded);
        group.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        group.Report.Clock.VirtualSeconds.ShouldBeGreaterThan(group.Report.People![1].VirtualSeconds!.Value);
    }

    private static async Task<CommandResult> TurnOff(string schedule)
    {
        using var folder = new TemporaryFolder();
        return await CommandLine.InProcess(
            "group",
            "off",
            CommandLine.Inventory,
            "--target",
            "dev",
            "--state",
            await Scheduled.CopyDeployed(folder.Path),
            "--schedule",
            await Scheduled.Write(folder.Path, schedule)
        );
    }
}
