namespace Deployer.Acceptance.Tests;

public sealed class ValidationFails() : FailedRehearsal("validation-fails:NetworkLoadBalancer");

public sealed class ValidationFailsTests(ValidationFails rehearsal) : FailedRehearsalTests(rehearsal), IClassFixture<ValidationFails>
{
    [Fact]
    public void The_cause_is_the_result_of_the_validation() =>
        Failed.Report.Cause.ShouldBe(
            "stack inventory-dev-network: the change set could not be made: NetworkLoadBalancer "
                + "(AWS::ElasticLoadBalancingV2::LoadBalancer) at /Resources/NetworkLoadBalancer: "
                + "Resource of type 'AWS::ElasticLoadBalancingV2::LoadBalancer' with "
                + "identifier 'NetworkLoadBalancer' already exists. (NAME_CONFLICT_VALIDATION)"
        );
}
