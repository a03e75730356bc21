using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.People;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Somebody executes a change set of their own on a stack that a step is about to update.</summary>
public sealed class ForeignChangeSetTests
{
    /// <summary>
    /// Executing a change set deletes all others of the stack: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html.
    /// </summary>
    [Fact]
    public async Task A_change_set_executed_between_PrepareStack_and_UpdateStack_is_not_taken_for_the_steps_own()
    {
        var rehearsed = await Scheduled.Rehearse(
            """
            schedule:
              - { who: mallory, when: { at: 0s }, do: { createChangeSet: { stack: "inventory-${target}", name: mine, tags: { by: mallory } } } }
              - { who: mallory, when: { ends: group/PrepareStack }, do: { executeChangeSet: { stack: "inventory-${target}", name: mine } } }
            """,
            async (accounts, result) =>
            {
                var runs = await accounts.Target.CloudFormation.GetTemplateAsync(new() { StackName = "inventory-dev" });
                // The images of the step's own template: it runs if and only if that is what is reported.
                var isNew = runs.TemplateBody.Contains("ami-0d93991217aa00001", StringComparison.Ordinal);
                (result.Report.Verdict, isNew).ShouldBeOneOf(("succeeded", true), ("failed", false));
            }
        );

        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        rehearsed.ShouldLeaveNothingBehind();
    }
}
