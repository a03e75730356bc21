using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>What the doctor says of a stack that stands otherwise than a deployment wants it.</summary>
public sealed class StackCheckTests
{
    [Theory]
    [InlineData("UPDATE_ROLLBACK_FAILED", CheckStatus.Notice, "; a deployment brings it back first")]
    [InlineData("UPDATE_FAILED", CheckStatus.Notice, "; a deployment brings it back first")]
    [InlineData("ROLLBACK_COMPLETE", CheckStatus.Notice, "; a deployment brings it back first")]
    [InlineData("UPDATE_IN_PROGRESS", CheckStatus.Notice, "; a deployment waits for its end")]
    [InlineData("DELETE_FAILED", CheckStatus.Problem, "")]
    [InlineData("IMPORT_ROLLBACK_FAILED", CheckStatus.Problem, "")]
    public void A_stack_that_a_deployment_cannot_update_is_named_with_its_status_and_reason(string status, CheckStatus found, string then)
    {
        var standing = StackCheck
            .Standing(
                "stack group",
                new Stack
                {
                    StackName = "inventory-dev",
                    StackStatus = new StackStatus(status),
                    StackStatusReason = "a table is in use",
                }
            )
            .ShouldNotBeNull();

        standing.Status.ShouldBe(found);
        standing.Check.ShouldBe("stack group");
        standing.Text.ShouldBe($"stack inventory-dev is {status}: a table is in use{then}");
        standing.Remedy.ShouldBe(found == CheckStatus.Problem ? "look at its events, and bring it to an end by hand" : null);
    }

    [Theory]
    [InlineData("CREATE_COMPLETE")]
    [InlineData("UPDATE_ROLLBACK_COMPLETE")]
    [InlineData("IMPORT_COMPLETE")]
    public void One_that_it_can_update_is_no_finding(string status) =>
        StackCheck.Standing("stack group", new Stack { StackName = "inventory-dev", StackStatus = new StackStatus(status) }).ShouldBeNull();
}
