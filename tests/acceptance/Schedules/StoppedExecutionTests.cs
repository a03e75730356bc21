using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Somebody stops a deployment while a function of it works.</summary>
public sealed class StoppedExecutionTests
{
    /// <summary>The function is slow enough for the execution to be settled before it goes on.</summary>
    [Fact]
    public async Task An_execution_that_is_stopped_after_any_request_of_PrepareStack_leaves_no_lock()
    {
        var requests = (await Scheduled.Undisturbed.Value).Requests["PrepareStack"];
        requests.ShouldBeGreaterThan(5);
        for (var number = 1; number <= requests; number++)
        {
            var stopped = await Scheduled.Rehearse(
                $$"""
                schedule:
                  - { when: { request: {{number}}, of: PrepareStack }, do: { pause: { for: 20s } } }
                  - { when: { request: {{number}}, of: PrepareStack }, do: stop }
                """
            );

            stopped.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
            (stopped.ExitCode, stopped.Report.Verdict).ShouldBe((1, Verdict.Stopped), $"after request {number}");
            (stopped.Report.LocksHeld, stopped.Report.WaitsOpen).ShouldBe((0, 0), $"after request {number}");
        }
    }

    [Fact]
    public async Task There_is_nothing_to_stop_of_a_deployment_that_has_ended()
    {
        var ended = await Scheduled.Rehearse(
            """
            schedule:
              - { who: alice, when: { closes: 1, wait: 1m }, do: stop }
              - { who: alice, when: { closes: 1, wait: 2m }, do: deploy }
              - { who: bob, when: { closes: 2 }, do: { stop: { deployment: 2 } } }
            """
        );

        (ended.ExitCode, ended.Report.Verdict).ShouldBe((0, Verdict.Succeeded));
        ended
            .Report.People!.Select(act => (act.Outcome, act.Problem, act.Requests.Count))
            .ShouldBe([
                (ActOutcome.Refused, "deployment 1 had ended already", 0),
                (ActOutcome.Done, null, 2),
                (ActOutcome.Refused, "deployment 2 had ended already", 0),
            ]);
    }

    /// <summary>AWS answers the stop of an execution that has ended meanwhile; only one that was stopped by it is done.</summary>
    [Fact]
    public async Task A_stop_beside_the_end_is_done_only_where_it_stopped_the_deployment()
    {
        var requests = (await Scheduled.Undisturbed.Value).Requests["Finish"];
        for (var number = requests - 2; number <= requests; number++)
        {
            var rehearsed = await Scheduled.Rehearse(
                $"schedule: [ {{ when: {{ request: {number}, of: Finish, wait: 20ms }}, do: stop }} ]"
            );

            var act = rehearsed.Report.People!.ShouldHaveSingleItem();
            rehearsed.Report.Verdict.ShouldBe(act.Outcome == ActOutcome.Done ? Verdict.Stopped : Verdict.Succeeded, $"request {number}");
            (act.Problem is null).ShouldBe(act.Outcome == ActOutcome.Done);
        }
    }

    [Fact]
    public async Task A_stopped_deployment_that_a_newer_one_came_after_is_not_offered_for_a_redrive()
    {
        var stopped = await Scheduled.Rehearse(
            """
            schedule:
              - { when: { begins: group/UpdateStack, wait: 5s }, do: stop }
              - { when: { closes: 1, wait: 1m }, do: deploy }
            """
        );

        stopped.Report.Verdict.ShouldBe(Verdict.Stopped);
        var newer = stopped.Report.SupersededBy.ShouldNotBeNull();
        (newer.Number, newer.Status).ShouldBe((2, "SUCCEEDED"));
        stopped.Terminal.ShouldContain(": SUCCEEDED");
    }
}
