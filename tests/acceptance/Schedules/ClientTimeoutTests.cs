using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Accounts;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// Answers that come later than the functions' clients wait for them, in simulated time: the connection is closed, what was asked for has
/// happened, and the SDK asks again.
/// </summary>
public sealed class ClientTimeoutTests
{
    /// <summary>The first deployment, which the accounts had before, has updated the group's stack, too.</summary>
    private const int Once = 2;

    [Fact]
    public async Task An_answer_after_the_clients_time_out_is_asked_for_again_and_what_was_asked_for_happens_once()
    {
        var rehearsed = await Delayed(AwsConnection.RequestTimeout + TimeSpan.FromSeconds(5));

        rehearsed.ExitCode.ShouldBe(0, rehearsed.Report.Cause);
        var people = rehearsed.Report.People!;
        people.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        // The time-out, and what an SDK pauses before its second attempt: a part of a second.
        (people[1].VirtualSeconds - people[0].VirtualSeconds)
            .ShouldNotBeNull()
            .ShouldBeInRange(AwsConnection.RequestTimeout.TotalSeconds, AwsConnection.RequestTimeout.TotalSeconds + 1.1);
    }

    [Fact]
    public async Task An_answer_before_it_is_waited_for()
    {
        var rehearsed = await Delayed(AwsConnection.RequestTimeout - TimeSpan.FromSeconds(4));

        rehearsed.Report.People!.Select(act => act.Outcome).ShouldBe([ActOutcome.Done, ActOutcome.NeverHappened]);
    }

    /// <summary>Each of the attempts is answered too late: the step says so, and nothing is left locked.</summary>
    [Fact]
    public async Task Answers_that_never_come_in_time_fail_the_task_and_a_later_try_finds_what_was_done()
    {
        var rehearsed = await Scheduled.RehearseChange(
            "schedule:\n"
                + Scheduled.Lines(
                    AwsConnection.MostRetries + 1,
                    number =>
                        $"  - {{ when: {{ request: {number}, of: UpdateStack, invocation: 1, operation: cloudformation:ExecuteChangeSet "
                        + "}, do: { delay: { by: 30s } } }"
                ),
            async (accounts, result) =>
            {
                result.Report.Verdict.ShouldBe(Verdict.Succeeded, result.Report.Cause);
                (await Updates(accounts)).ShouldBe(Once);
            }
        );

        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        rehearsed.ShouldLeaveNothingBehind();
    }

    private static Task<CommandResult> Delayed(TimeSpan by) =>
        Scheduled.RehearseChange(
            $$"""
            schedule:
              - when: { request: 1, of: UpdateStack, operation: cloudformation:ExecuteChangeSet }
                do: { delay: { by: {{by.TotalSeconds}}s } }
              - when: { request: 2, of: UpdateStack, operation: cloudformation:ExecuteChangeSet }
                do: { delay: { by: 0s } }
            """,
            async (accounts, result) =>
            {
                result.Report.Verdict.ShouldBe(Verdict.Succeeded, result.Report.Cause);
                result.ShouldLeaveNothingBehind();
                (await Updates(accounts)).ShouldBe(Once);
            }
        );

    /// <summary>How often the group's stack was updated.</summary>
    private static async Task<int> Updates(SimulatedAccounts accounts) =>
        (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = "inventory-dev" })).StackEvents.Count(happened =>
            happened.PhysicalResourceId == happened.StackId && happened.ResourceStatus.Value == "UPDATE_IN_PROGRESS"
        );
}
