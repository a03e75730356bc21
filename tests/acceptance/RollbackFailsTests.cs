namespace Deployer.Acceptance.Tests;

public sealed class RollbackFails() : FailedRehearsal("rollback-fails");

public sealed class RollbackFailsTests(RollbackFails rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<RollbackFails>
{
    [Fact]
    public void The_cause_is_that_of_the_update_and_says_what_became_of_the_rollback()
    {
        Failed.Report.Error.ShouldBe("StackFailedException");
        Failed.Report.Cause.ShouldBe(
            "TxAutoScalingGroup (AWS::AutoScaling::AutoScalingGroup) failed: Received 0 SUCCESS signal(s) out of 1. Unable to satisfy 100% "
                + "MinSuccessfulInstancesPercent requirement; its rollback failed (The "
                + "following resource(s) failed to update: [TxAutoScalingGroup].) "
                + "and was continued; stack inventory-dev is UPDATE_ROLLBACK_COMPLETE"
        );
    }

    [Fact]
    public void The_rollback_is_continued_once() => Failed.Count("ContinueUpdateRollback", "deployer-dev-target").ShouldBe(1);

    [Fact]
    public void The_stack_can_be_updated_again()
    {
        Failed.Report.Stacks.ShouldHaveSingleItem().Status.ShouldBe("UPDATE_ROLLBACK_COMPLETE");
        Redriven.Report.Stacks.ShouldContain(stack => stack.Name == "inventory-dev" && stack.Status == "UPDATE_COMPLETE");
    }
}
