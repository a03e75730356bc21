using Amazon.CloudFormation;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackRollbackTests
{
    private const string Update = "d-one-api-stack-1";
    private const string Rollback = "d-one-api-stack-1-rollback";

    [Fact]
    public async Task A_rollback_that_got_stuck_is_continued_and_the_first_cause_reported()
    {
        var cloudFormation = Stuck();
        await using var bench = Updated(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBeOfType<Outcome.Running>();
        cloudFormation.Stack.StackStatus = StackStatus.UPDATE_ROLLBACK_COMPLETE;
        cloudFormation.Happened(Rollback, StackBench.StackName, "UPDATE_ROLLBACK_COMPLETE", null);

        Cause(await bench.Advance())
            .ShouldBe(
                "Topic (AWS::SNS::Topic) failed: no such key; its rollback failed (it is said so) and was "
                    + "continued; stack inventory-dev-api is UPDATE_ROLLBACK_COMPLETE"
            );
        cloudFormation.Changes.ShouldBe([$"continue {AskedCloudFormation.StackId}"]);
    }

    [Fact]
    public async Task A_continued_rollback_that_fails_too_is_reported()
    {
        var cloudFormation = Stuck();
        await using var bench = Updated(await Desk.Open(), cloudFormation);

        await bench.Advance();
        cloudFormation.Happened(Rollback, "Topic", ResourceStatus.UPDATE_FAILED, "still busy");
        cloudFormation.Happened(Rollback, StackBench.StackName, "UPDATE_ROLLBACK_FAILED", null);

        Cause(await bench.Advance())
            .ShouldBe(
                "Topic (AWS::SNS::Topic) failed: no such key; its rollback failed (it is said so) and was "
                    + "continued; stack inventory-dev-api is UPDATE_ROLLBACK_FAILED, "
                    + "because the continued rollback failed too: Topic (AWS::SNS::Topic) failed: still busy; stack "
                    + "inventory-dev-api is UPDATE_ROLLBACK_FAILED; repair it by hand, then redrive"
            );
        cloudFormation.Changes.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) failed: no such key; stack inventory-dev-api is still UPDATE_ROLLBACK_IN_PROGRESS",
        true
    )]
    [InlineData(
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) failed: no such key; stack inventory-dev-api is still UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        true
    )]
    [InlineData(
        "ROLLBACK_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) failed: no such key; stack inventory-dev-api is still ROLLBACK_IN_PROGRESS",
        true
    )]
    [InlineData(
        "IMPORT_ROLLBACK_IN_PROGRESS",
        "Topic (AWS::SNS::Topic) failed: no such key; stack inventory-dev-api is still IMPORT_ROLLBACK_IN_PROGRESS",
        true
    )]
    [InlineData("UPDATE_IN_PROGRESS", "stack inventory-dev-api is still UPDATE_IN_PROGRESS", false)]
    public async Task What_runs_is_reported_with_its_cause_while_it_rolls_back(string status, string what, bool isLost)
    {
        var cloudFormation = Stuck();
        cloudFormation.Stack.StackStatus = new StackStatus(status);
        await using var bench = Updated(await Desk.Open(), cloudFormation);

        (await bench.Advance()).ShouldBe(new Outcome.Running(what, isLost));
    }

    private static AskedCloudFormation Stuck()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_ROLLBACK_FAILED);
        cloudFormation.Happened(Update, StackBench.StackName, "UPDATE_IN_PROGRESS", null);
        cloudFormation.Happened(Update, "Topic", ResourceStatus.UPDATE_FAILED, "no such key");
        cloudFormation.Happened(Update, "Queue", ResourceStatus.UPDATE_FAILED, "is busy");
        cloudFormation.Happened(Update, StackBench.StackName, "UPDATE_ROLLBACK_FAILED", null);
        return cloudFormation;
    }

    private static StackBench Updated(Desk desk, AskedCloudFormation cloudFormation)
    {
        var bench = new StackBench(desk, cloudFormation.Client);
        bench.Record = bench.Record.Keep<StackProgress>(_ =>
            new()
            {
                Stack = AskedCloudFormation.StackId,
                ChangeSet = "arn:change-set",
                Inputs = "digest",
            }
        ) with
        {
            Resource = AskedCloudFormation.StackId,
            Action = StepAction.Updated,
            State = TaskState.Running,
        };
        return bench;
    }

    private static string Cause(Outcome outcome) => outcome.ShouldBeOfType<Outcome.Failed>().Cause.Message;
}
