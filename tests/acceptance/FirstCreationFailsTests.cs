using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

public sealed class FirstCreationFails() : FailedRehearsal("stack-rolls-back:NetworkLoadBalancer");

public sealed class FirstCreationFailsTests(FirstCreationFails rehearsal)
    : FailedRehearsalTests(rehearsal),
        IClassFixture<FirstCreationFails>
{
    [Fact]
    public void The_stack_is_left_as_its_creation_ended()
    {
        Failed.Report.Cause.ShouldNotBeNull().ShouldStartWith("NetworkLoadBalancer (AWS::ElasticLoadBalancingV2::LoadBalancer) failed: ");
        Failed.Report.Cause.ShouldEndWith("; stack inventory-dev-network is ROLLBACK_COMPLETE");
        Failed.Count("DeleteStack").ShouldBe(0);
    }

    [Fact]
    public void The_redrive_removes_it_and_creates_it_again()
    {
        Redriven.Count("DeleteStack", "deployer-dev-target").ShouldBe(1);
        Redriven.Report.Stacks.ShouldContain(stack =>
            stack.Name == "inventory-dev-network" && stack.Action == StepAction.Created && stack.Status == "CREATE_COMPLETE"
        );
    }
}
