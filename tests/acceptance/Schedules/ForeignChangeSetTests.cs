using Amazon.StepFunctions;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Acceptance.Tests.Schedules;

/// <summary>Somebody executes a change set of their own on a stack that a step is about to update.</summary>
public sealed class ForeignChangeSetTests
{
    /// <summary>
    /// Executing a change set deletes all others of the stack:
    /// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html.
    /// </summary>
    [Theory]
    [InlineData("begins")] // The step's own change set is still being made when the other has been.
    [InlineData("ends")]
    public async Task A_change_set_executed_between_PrepareStack_and_UpdateStack_is_not_taken_for_the_steps_own(string when)
    {
        var rehearsed = await Scheduled.Rehearse(
            $$"""
            schedule:
              - who: mallory
                when: { at: 0s }
                do: { createChangeSet: { stack: inventory-dev, name: mine, tags: { by: mallory } } }
              - who: mallory
                when: { {{when}}: group/PrepareStack }
                do: { executeChangeSet: { stack: inventory-dev, name: mine } }
              - { who: bob, when: { closes: 1, wait: 30m }, do: redrive }
            """,
            async (accounts, _) =>
            {
                // Who redrives gets what they asked for: the images of the step's own template run.
                var runs = await accounts.Target.CloudFormation.GetTemplateAsync(new() { StackName = "inventory-dev" });
                runs.TemplateBody.ShouldContain("ami-0d93991217aa00001");
                var history = await accounts.History((await accounts.Rehearsal.Executions()).Single(IsDeployment).Arn);
                var failure = history.Single(happened => happened.Type == HistoryEventType.ExecutionFailed).ExecutionFailedEventDetails;
                failure.Error.ShouldBe("StackFailedException");
                failure.Cause.ShouldContain("is gone");
            }
        );

        rehearsed.Report.People!.ShouldAllBe(act => act.Outcome == ActOutcome.Done);
        rehearsed.Report.Verdict.ShouldBe(Verdict.Succeeded, rehearsed.Report.Cause);
        rehearsed.ShouldLeaveNothingBehind();

        static bool IsDeployment(ExecutionState execution) => execution.MachineName == "deployer-dev-deploy";
    }
}
