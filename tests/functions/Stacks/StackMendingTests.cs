using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using NSubstitute;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackMendingTests
{
    [Theory]
    [InlineData("CREATE_COMPLETE", "Kept (AWS::SNS::Topic Kept-1)")]
    [InlineData("DELETE_SKIPPED", "Kept (AWS::SNS::Topic Kept-1)")]
    [InlineData("DELETE_FAILED", "Kept (AWS::SNS::Topic Kept-1)")]
    public async Task A_stack_that_still_holds_something_is_not_removed(string left, string said)
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.ROLLBACK_FAILED);
        cloudFormation.Resources.Add(
            new StackResourceSummary
            {
                LogicalResourceId = "Gone",
                ResourceType = "AWS::SNS::Topic",
                PhysicalResourceId = "Gone-1",
                ResourceStatus = ResourceStatus.DELETE_COMPLETE,
            }
        );
        cloudFormation.Resources.Add(
            new StackResourceSummary
            {
                LogicalResourceId = "Kept",
                ResourceType = "AWS::SNS::Topic",
                PhysicalResourceId = "Kept-1",
                ResourceStatus = left,
            }
        );
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldBe(
            $"stack inventory-dev-api is ROLLBACK_FAILED and is not removed, because it still holds {said}; keep or "
                + "delete these by hand, delete the stack, then redrive"
        );
        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Termination_protection_is_reported_and_not_lifted()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.ROLLBACK_COMPLETE) { Stack = { EnableTerminationProtection = true } };
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldContain(
            "it is protected from termination; turn the protection off, then redrive"
        );
        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_removed_stack_is_followed_by_its_id_and_then_created_again()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.ROLLBACK_COMPLETE);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        (await bench.Advance())
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("stack inventory-dev-api was ROLLBACK_COMPLETE; it is being removed");
        bench.Record.Waits.ShouldBe([AskedCloudFormation.StackId]);
        bench.Record.State.ShouldBe(TaskState.Running);
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_IN_PROGRESS;
        (await bench.Advance()).ShouldBeOfType<Outcome.Running>();
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_COMPLETE;
        await Should.ThrowAsync<NotYetException>(bench.Advance);

        cloudFormation.Changes.ShouldBe([$"delete {AskedCloudFormation.StackId}", "CREATE change set"]);
        cloudFormation
            .Client.ReceivedCalls()
            .Last(call => call.GetMethodInfo().Name == "DescribeStacksAsync")
            .GetArguments()[0]
            .ShouldBeOfType<DescribeStacksRequest>()
            .StackName.ShouldBe(AskedCloudFormation.StackId);
    }

    /// <summary>Somebody has just executed the change set for which the stack was made.</summary>
    [Fact]
    public async Task A_stack_is_not_removed_when_its_description_is_behind_its_events()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.REVIEW_IN_PROGRESS);
        cloudFormation.Happened("someone's", StackBench.StackName, "REVIEW_IN_PROGRESS", null);
        cloudFormation.Happened("someone's", StackBench.StackName, "CREATE_IN_PROGRESS", null);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        (await bench.Advance())
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("stack inventory-dev-api is described as REVIEW_IN_PROGRESS, and its last event says CREATE_IN_PROGRESS");

        cloudFormation.Changes.ShouldBeEmpty();
        bench.Record.Waits.ShouldBe([AskedCloudFormation.StackId]);
    }

    [Fact]
    public async Task A_stuck_rollback_is_continued_and_the_update_goes_on()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_ROLLBACK_FAILED);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        await bench.Advance();
        cloudFormation.Stack.StackStatus = StackStatus.UPDATE_ROLLBACK_COMPLETE;
        await Should.ThrowAsync<NotYetException>(bench.Advance);

        cloudFormation.Changes.ShouldBe([$"continue {AskedCloudFormation.StackId}", "UPDATE change set"]);
    }

    [Fact]
    public async Task A_rollback_that_fails_again_is_reported_with_its_cause()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_ROLLBACK_FAILED);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        await bench.Advance();
        cloudFormation.Happened("d-one-api-stack-1-mend", StackBench.StackName, "UPDATE_ROLLBACK_IN_PROGRESS", null);
        cloudFormation.Happened("d-one-api-stack-1-mend", "Topic", ResourceStatus.UPDATE_FAILED, "it is busy");
        cloudFormation.Happened("d-one-api-stack-1-mend", StackBench.StackName, "UPDATE_ROLLBACK_FAILED", null);

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldBe(
            "Topic (AWS::SNS::Topic) failed: it is busy; stack inventory-dev-api is UPDATE_ROLLBACK_FAILED; it "
                + "could not be repaired; repair it by hand, then redrive"
        );
        cloudFormation.Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_stack_that_could_not_be_deleted_is_reported_with_its_reason()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.DELETE_FAILED);
        await using var bench = new StackBench(await Desk.Open(), cloudFormation.Client);

        (await Should.ThrowAsync<StackFailedException>(bench.Advance)).Message.ShouldBe(
            "stack inventory-dev-api is DELETE_FAILED: it is said so; repair it by hand, then redrive"
        );
    }
}
