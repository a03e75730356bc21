using Amazon.CloudFormation;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>
/// A stack is described as it stood before the deployer's own change set: AWS promises no read after a write, and the CDK's toolkit has
/// seen such answers after <c>ExecuteChangeSet</c> (https://github.com/aws/aws-cdk-cli/issues/1802).
/// </summary>
public sealed class StaleStackTests
{
    private const string StaleAfterExecution = """
        schedule:
          - when: { request: 1, of: UpdateStack, operation: cloudformation:ExecuteChangeSet }
            do: { readStale: { operation: cloudformation:DescribeStacks, for: 59s } }
        """;

    [Fact]
    public async Task An_UPDATE_COMPLETE_from_before_the_change_set_was_executed_is_no_success() =>
        await Rehearsed(
            Scheduled.RehearseChange(
                StaleAfterExecution,
                async (accounts, result) =>
                {
                    (await Statuses(accounts, "inventory-dev"))[^3..]
                        .ShouldBe(["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]);
                    await EndedAfter(accounts, result, "group", "inventory-dev", StackStatus.UPDATE_COMPLETE);
                }
            )
        );

    [Fact]
    public async Task An_UPDATE_ROLLBACK_COMPLETE_from_before_the_change_set_was_executed_is_no_failure() =>
        await Rehearsed(
            Scheduled.RehearseAfterRollback(
                StaleAfterExecution,
                async (accounts, result) =>
                {
                    (await Statuses(accounts, "inventory-dev")).ShouldContain("UPDATE_ROLLBACK_COMPLETE");
                    await EndedAfter(accounts, result, "group", "inventory-dev", StackStatus.UPDATE_COMPLETE);
                }
            )
        );

    /// <summary>No stack is described from before its change set was made until after that was executed.</summary>
    [Fact]
    public async Task A_stack_that_is_not_described_yet_although_it_is_being_created_is_neither() =>
        await Rehearsed(
            Scheduled.Rehearse(
                """
                schedule:
                  - when: { begins: network/PrepareStack }
                    do: { readStale: { operation: cloudformation:DescribeStacks, for: 59s } }
                """,
                async (accounts, result) =>
                {
                    await EndedAfter(accounts, result, "network", "inventory-dev-network", StackStatus.CREATE_COMPLETE);
                    (await accounts.EffectsOf(result)).ShouldBe((await Scheduled.Undisturbed.Value).Effects);
                }
            )
        );

    /// <summary>Such a stack waits for its change set, which nothing is known of yet.</summary>
    [Fact]
    public async Task A_REVIEW_IN_PROGRESS_from_before_the_change_set_was_executed_is_no_failure() =>
        await Rehearsed(
            Scheduled.Rehearse(
                """
                schedule:
                  - when: { ends: network/PrepareStack }
                    do: { readStale: { operation: cloudformation:DescribeStacks, for: 59s } }
                """,
                async (accounts, result) =>
                {
                    await EndedAfter(accounts, result, "network", "inventory-dev-network", StackStatus.CREATE_COMPLETE);
                    (await accounts.EffectsOf(result)).ShouldBe((await Scheduled.Undisturbed.Value).Effects);
                }
            )
        );

    /// <summary>A change set that is refused for it is made when the other operation has ended.</summary>
    [Fact]
    public async Task A_stack_that_somebody_has_just_begun_to_change_is_waited_for_although_it_is_described_as_before() =>
        await Rehearsed(
            Scheduled.RehearseChange(
                """
                schedule:
                  - who: mallory
                    when: { at: 0s }
                    do: { createChangeSet: { stack: "inventory-${target}", name: mine, parameters: { EnvironmentMap: "{:b 2}" } } }
                  - who: mallory
                    when: { begins: group/PrepareStack }
                    do: { executeChangeSet: { stack: "inventory-${target}", name: mine } }
                  - when: { begins: group/PrepareStack }
                    do: { readStale: { operation: cloudformation:DescribeStacks, for: 5s } }

                """
                    // Until the other change set has been made.
                    + Scheduled.Lines(5, number => $"  - {{ when: {{ request: {number}, of: Begin }}, do: {{ delay: {{ by: 6s }} }} }}"),
                async (accounts, result) =>
                {
                    result.Report.Verdict.ShouldBe(Verdict.Succeeded, result.Report.Cause);
                    (await Statuses(accounts, "inventory-dev"))[^6..]
                        .ShouldBe([
                            "UPDATE_IN_PROGRESS",
                            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                            "UPDATE_COMPLETE",
                            "UPDATE_IN_PROGRESS",
                            "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                            "UPDATE_COMPLETE",
                        ]);
                    await EndedAfter(accounts, result, "group", "inventory-dev", StackStatus.UPDATE_COMPLETE);
                    (await accounts.History(result.Report.Deployment!)).ShouldContain(happened =>
                        happened.TaskFailedEventDetails != null
                        && happened.TaskFailedEventDetails.Cause.Contains("was described as UPDATE_COMPLETE", StringComparison.Ordinal)
                    );
                }
            )
        );

    private static async Task Rehearsed(Task<CommandResult> rehearsal)
    {
        var rehearsed = await rehearsal;
        // Done means that something was read while it was stale.
        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        rehearsed.ShouldLeaveNothingBehind();
    }

    /// <summary>The task that executed the change set of a step ended when the stack had, not before.</summary>
    private static async Task EndedAfter(SimulatedAccounts accounts, CommandResult result, string step, string stack, StackStatus end)
    {
        var ended = (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = stack }))
            .StackEvents.First(happened => happened.PhysicalResourceId == happened.StackId && happened.ResourceStatus.Value == end.Value)
            .Timestamp!.Value;
        var history = await accounts.History(result.Report.Deployment!);
        var update = history.Single(happened =>
            happened.Type == HistoryEventType.TaskStateExited
            && happened.StateExitedEventDetails.Name == "UpdateStack"
            && Entered(happened).StateEnteredEventDetails.Input.Contains($"\"{step}\"", StringComparison.Ordinal)
        );
        update.Timestamp!.Value.ShouldBeGreaterThan(ended);

        HistoryEvent Entered(HistoryEvent happened) =>
            happened.Type == HistoryEventType.TaskStateEntered
                ? happened
                : Entered(history.Single(previous => previous.Id == happened.PreviousEventId));
    }

    private static async Task<string[]> Statuses(SimulatedAccounts accounts, string stack) =>
        [
            .. (await accounts.Target.CloudFormation.DescribeStackEventsAsync(new() { StackName = stack }))
                .StackEvents.Where(happened => happened.PhysicalResourceId == happened.StackId)
                .Select(happened => happened.ResourceStatus.Value)
                .Reverse(),
        ];
}
