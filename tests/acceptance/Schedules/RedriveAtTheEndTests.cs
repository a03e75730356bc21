using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// A redrive enters the state that was stopped or has failed, here the last one, minutes after everything was compared:
/// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html.
/// </summary>
public sealed class RedriveAtTheEndTests
{
    [Fact]
    public async Task What_others_undid_before_the_redrive_is_no_success()
    {
        var rehearsed = await Scheduled.Rehearse(
            """
            schedule:
              - { when: { begins: Finish }, do: stop }
              - { who: zed, when: { closes: 1, wait: 1m }, do: { deleteStack: { stack: inventory-dev-api } } }
              - who: zed
                when: { closes: 1, wait: 2m }
                do: { setVariables: { function: inventory-consumer-dev-orders, variables: { DATOMIC_ENDPOINT: "http://wrong:1" } } }
              - { who: bob, when: { closes: 1, wait: 30m }, do: redrive }
            """
        );

        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        (rehearsed.ExitCode, rehearsed.Report.Verdict).ShouldBe((1, Verdict.Failed), rehearsed.Terminal);
        rehearsed.Report.Error.ShouldBe("StepDiffersException");
        rehearsed.Report.Cause!.ShouldContain("step 'api'");
        rehearsed.Report.Cause!.ShouldContain("step 'endpoint'");
        rehearsed.ShouldLeaveNothingBehind();
    }

    [Fact]
    public async Task Where_nothing_was_undone_it_is_the_success_that_it_was()
    {
        var rehearsed = await Scheduled.Rehearse(
            """
            schedule:
              - { when: { begins: Finish }, do: stop }
              - { who: bob, when: { closes: 1, wait: 30m }, do: redrive }
            """
        );

        (rehearsed.ExitCode, rehearsed.Report.Verdict).ShouldBe((0, Verdict.Succeeded), rehearsed.Terminal);
        rehearsed.ShouldLeaveNothingBehind();
    }
}
