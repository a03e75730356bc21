using Deployer.Acceptance.Tests.Running;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

public sealed class RollbackHangs() : FailedRehearsal("rollback-hangs");

public sealed class RollbackHangsTests(RollbackHangs rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<RollbackHangs>
{
    [Fact]
    public void The_limit_of_the_wait_is_its_own_verdict_and_names_why_the_stack_rolls_back()
    {
        Failed.Report.Error.ShouldBe("StepTimedOutException");
        Failed.Report.Cause.ShouldBe(
            "TxAutoScalingGroup (AWS::AutoScaling::AutoScalingGroup) failed: Received 0 SUCCESS signal(s) out of 1. Unable to satisfy 100% "
                + "MinSuccessfulInstancesPercent requirement; stack inventory-dev is "
                + "still UPDATE_ROLLBACK_IN_PROGRESS after 40 minutes; step 'group' waits at most 40 minutes for what "
                + "is still running; redrive the execution to begin again once what is still running has ended"
        );
        Failed.Report.Stacks.ShouldHaveSingleItem().Status.ShouldBe("UPDATE_ROLLBACK_IN_PROGRESS");
    }

    [Fact]
    public void A_redrive_waits_for_the_rollback_and_updates_the_stack_then()
    {
        Redriven.Step("group").Action.ShouldBe(StepAction.Updated);
        Redriven.Count("ContinueUpdateRollback").ShouldBe(0);
        Redriven.Report.Stacks.ShouldContain(stack => stack.Name == "inventory-dev" && stack.Status == "UPDATE_COMPLETE");
    }
}
