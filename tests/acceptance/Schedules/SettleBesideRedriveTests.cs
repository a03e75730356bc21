using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Somebody redrives a stopped deployment while it is settled, and somebody else deploys.</summary>
public sealed class SettleBesideRedriveTests
{
    [Fact]
    public async Task A_redrive_between_any_two_requests_of_Settle_leaves_the_target_with_one_owner()
    {
        var requests = (await Scheduled.Undisturbed.Value).Requests["Settle"];
        requests.ShouldBeGreaterThan(3);
        for (var number = 1; number <= requests; number++)
        {
            var request = number;
            await Scheduled.Rehearse(
                $$"""
                schedule:
                  - { who: alice, when: { begins: group/UpdateStack, wait: 1m }, do: stop }
                  - { when: { request: {{request}}, of: Settle, invocation: 1 }, do: { pause: { for: 20s } } }
                  - { who: alice, when: { request: {{request}}, of: Settle, invocation: 1 }, do: redrive }
                  - { who: carol, when: { request: {{request}}, of: Settle, invocation: 1, wait: 40s }, do: deploy }
                """,
                (accounts, both) => Judge(accounts, both, request)
            );
        }
    }

    private static async Task Judge(SimulatedAccounts accounts, CommandResult both, int request)
    {
        both.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        both.ExitCode.ShouldBe(0, $"after request {request}: {both.Report.Cause}");
        var executions = both.Report.Executions.Where(execution => execution.Machine == "deployer-dev-deploy").ToList();
        executions.Select(execution => execution.Status).ShouldBe(["SUCCEEDED", "SUCCEEDED"], $"after request {request}");
        (both.Report.LocksHeld, both.Report.WaitsOpen).ShouldBe((0, 0), $"after request {request}");
        var first = await accounts.WorkingPeriods(executions[0].Arn);
        var second = await accounts.WorkingPeriods(executions[1].Arn);
        first.ShouldNotBeEmpty($"after request {request}");
        second.ShouldHaveSingleItem($"after request {request}");
        foreach (var one in first)
        {
            second.ShouldAllBe(other => other.To <= one.From || one.To <= other.From, $"after request {request}");
        }
    }
}
