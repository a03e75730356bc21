using System.Text.Json;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

public sealed class StackRollsBack() : FailedRehearsal("stack-rolls-back");

public sealed class StackRollsBackTests(StackRollsBack rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<StackRollsBack>
{
    [Fact]
    public void The_cause_names_the_resource_and_its_reason()
    {
        Failed.Report.Error.ShouldBe("StackFailedException");
        Failed.Report.Cause.ShouldBe(
            "TxAutoScalingGroup (AWS::AutoScaling::AutoScalingGroup) failed: Received 0 SUCCESS signal(s) out of 1. Unable to satisfy 100% "
                + "MinSuccessfulInstancesPercent requirement; stack inventory-dev is UPDATE_ROLLBACK_COMPLETE"
        );
    }

    [Fact]
    public void The_execution_the_pipeline_and_the_command_line_report_the_same_sentence()
    {
        rehearsal.ExecutionCause.ShouldBe(Failed.Report.Cause);
        Failed.Report.Pipeline!.Summary.ShouldBe($"{Failed.Report.Error}: {Failed.Report.Cause}");
    }

    [Fact]
    public void The_document_is_the_approved_one_as_a_whole() => Failed.Json.ShouldBeApproved("tests/acceptance/Approved/failed.json");

    [Fact]
    public void The_document_of_the_redrive_is_the_approved_one_as_a_whole() =>
        Redriven.Json.ShouldBeApproved("tests/acceptance/Approved/redriven.json");

    [Fact]
    public void The_stack_is_as_it_was()
    {
        Failed
            .Report.Stacks.Select(stack => (stack.Name, stack.Action, stack.Status))
            .ShouldBe([("inventory-dev", StepAction.Failed, "UPDATE_ROLLBACK_COMPLETE")]);
        Failed
            .Report.Steps.Select(step => $"{step.Name} {step.Action.Text()}")
            .ShouldBe(["group failed", "ions not started", "network not started", "api not started", "endpoint not started"]);
    }

    /// <summary>Nothing was released yet: the group's name is an output of the stack as its makers left it.</summary>
    [Fact]
    public void What_the_group_runs_that_it_has_not_deployed_to_is_listed()
    {
        using var document = JsonDocument.Parse(Failed.Json);
        document.RootElement.EnumerateObject().Count(member => member.NameEquals("ions")).ShouldBe(1);
        var ions = Failed.Report.Ions.ShouldHaveSingleItem();
        ions.Group.ShouldBe("inventory-dev");
        ions.Instances.Count.ShouldBe(2);
        Failed.Terminal.ShouldContain($"\n  group inventory-dev: revision {ions.Instances[0].Revision} on {ions.Instances[0].Id}");
    }

    [Fact]
    public void The_redrive_updates_the_stack_and_goes_on()
    {
        Redriven
            .Report.Stacks.Select(stack => (stack.Name, stack.Action, stack.Status))
            .ShouldBe(
                [
                    ("inventory-dev", StepAction.Updated, "UPDATE_COMPLETE"),
                    ("inventory-dev-network", StepAction.Created, "CREATE_COMPLETE"),
                    ("inventory-dev-api", StepAction.Created, "CREATE_COMPLETE"),
                ],
                ignoreOrder: true
            );
    }
}
