using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Somebody starts a second deployment by hand while the first one comes to its end.</summary>
public sealed class SecondDeploymentTests
{
    [Fact]
    public async Task A_second_deployment_that_begins_between_any_two_requests_of_Finish_finds_a_free_target_and_one_owner()
    {
        var request = 0;
        CommandResult both;
        do
        {
            request++;
            both = await Scheduled.RehearseChange(
                $$"""
                schedule:
                  - { when: { request: {{request}}, of: Finish, invocation: 1 }, do: { pause: { for: 20s } } }
                  - { who: carol, when: { request: {{request}}, of: Finish, invocation: 1 }, do: deploy }
                """,
                (accounts, result) => result.Report.NeverHappened.Count > 0 ? Task.CompletedTask : Judge(accounts, result, request)
            );
        } while (both.Report.NeverHappened.Count == 0);

        request.ShouldBeGreaterThan(10);
        both.Report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    /// <summary>
    /// <c>DescribeExecution</c> is eventually consistent
    /// (https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html): an execution that has just started may
    /// be unknown to it, and one that has ended may be described as running.
    /// </summary>
    [Theory]
    [InlineData("request: 1, of: AnswerJob, operation: states:StartExecution", "begins: Begin")]
    [InlineData("begins: Begin", "begins: Begin")]
    [InlineData("request: 1, of: Finish, invocation: 1", "request: 1, of: Finish, invocation: 1")]
    public async Task Executions_that_are_described_as_they_were_before_lose_nobody_the_target_and_leave_nothing_held(
        string stale,
        string second
    )
    {
        var both = await Scheduled.RehearseChange(
            $$"""
            schedule:
              - { when: { {{stale}} }, do: { readStale: { operation: states:DescribeExecution, for: 59s } } }
              - { who: carol, when: { {{second}} }, do: deploy }
            """,
            async (accounts, result) =>
            {
                result.ExitCode.ShouldBe(0, result.Report.Cause);
                result.Report.NeverHappened.ShouldBeEmpty();
                result.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
                var executions = result.Report.Executions.Where(execution => execution.Machine == "deployer-dev-deploy").ToList();
                executions.Select(execution => execution.Status).ShouldBe(["SUCCEEDED", "SUCCEEDED"]);
                (result.Report.LocksHeld, result.Report.WaitsOpen).ShouldBe((0, 0));
                var first = (await accounts.WorkingPeriods(executions[0].Arn)).ShouldHaveSingleItem();
                var other = (await accounts.WorkingPeriods(executions[1].Arn)).ShouldHaveSingleItem();
                (first.To <= other.From || other.To <= first.From).ShouldBeTrue($"{first} and {other}");
            }
        );

        both.Report.Verdict.ShouldBe(Verdict.Succeeded);
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
        first.Count.ShouldBe(1);
        second.ShouldHaveSingleItem().From.ShouldBeGreaterThan(first[0].From);
    }
}
