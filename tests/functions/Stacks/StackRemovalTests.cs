using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;

namespace Deployer.Functions.Tests.Stacks;

public sealed class StackRemovalTests
{
    [Fact]
    public async Task A_stack_is_deleted_once_and_followed_by_its_id_until_it_is_gone()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        await using var bench = await Bench(cloudFormation);
        bench.Released["api"] = new ReleasedStep
        {
            Step = "api",
            Deployment = new("zero"),
            Inputs = "x",
            Resource = AskedCloudFormation.StackId,
        };
        await bench.Desk.Ledger.Put(ReleasedStep.Key("inventory", "dev", "api"), bench.Released["api"]);

        (await bench.Remove()).ShouldBeOfType<Outcome.Running>();
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_IN_PROGRESS;
        (await bench.Remove()).ShouldBeOfType<Outcome.Running>().What.ShouldBe("stack inventory-dev-api is still DELETE_IN_PROGRESS");
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_COMPLETE;

        (await bench.Remove()).ShouldBe(new Outcome.Succeeded(StepAction.Removed));
        cloudFormation.Changes.ShouldBe([$"delete {AskedCloudFormation.StackId}"]);
        bench.Record.Waits.ShouldBe([AskedCloudFormation.StackId]);
        (await bench.Desk.Ledger.Read(ReleasedStep.Key("inventory", "dev", "api"))).ShouldBeNull();
    }

    [Fact]
    public async Task What_its_template_keeps_is_reported()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_COMPLETE);
        cloudFormation.Resources.Add(
            new StackResourceSummary
            {
                LogicalResourceId = "Kept",
                ResourceType = "AWS::S3::Bucket",
                PhysicalResourceId = "kept-1",
                ResourceStatus = ResourceStatus.DELETE_SKIPPED,
            }
        );
        await using var bench = await Bench(cloudFormation);

        await bench.Remove();
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_COMPLETE;
        await bench.Remove();

        bench.Record.Notices.ShouldBe(["stack inventory-dev-api is deleted; its template keeps Kept (AWS::S3::Bucket kept-1)"]);
    }

    [Fact]
    public async Task One_that_is_gone_already_is_nothing_to_do()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.DELETE_COMPLETE);
        await using var bench = await Bench(cloudFormation);

        (await bench.Remove()).ShouldBe(new Outcome.Succeeded(StepAction.None));
        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Somebody_elses_operation_is_waited_for()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.UPDATE_IN_PROGRESS);
        await using var bench = await Bench(cloudFormation);

        (await bench.Remove())
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("stack inventory-dev-api is still UPDATE_IN_PROGRESS, by an operation that is not this deployment's");
        cloudFormation.Changes.ShouldBeEmpty();
        cloudFormation.Stack.StackStatus = StackStatus.UPDATE_COMPLETE;
        await bench.Remove();

        cloudFormation.Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Termination_protection_is_reported_and_not_lifted()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.CREATE_COMPLETE) { Stack = { EnableTerminationProtection = true } };
        await using var bench = await Bench(cloudFormation);

        (await Should.ThrowAsync<StackFailedException>(bench.Remove)).Message.ShouldBe(
            "stack inventory-dev-api is protected from termination; turn the protection off, then redrive"
        );
        cloudFormation.Changes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_deletion_that_fails_is_reported_with_its_cause_and_begun_again_by_a_redrive()
    {
        var cloudFormation = new AskedCloudFormation(StackStatus.CREATE_COMPLETE);
        await using var bench = await Bench(cloudFormation);

        await bench.Remove();
        cloudFormation.Happened("d-one-api-remove-1", StackBench.StackName, ResourceStatus.DELETE_IN_PROGRESS, null);
        cloudFormation.Happened("d-one-api-remove-1", "Group", ResourceStatus.DELETE_FAILED, "it has a network interface");
        cloudFormation.Stack.StackStatus = StackStatus.DELETE_FAILED;
        (await bench.Remove()).ShouldBeOfType<Outcome.Running>("that may be the status from before this deletion");
        cloudFormation.Happened("d-one-api-remove-1", StackBench.StackName, ResourceStatus.DELETE_FAILED, null);
        (await bench.Remove())
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.Message.ShouldBe(
                "Group (AWS::SNS::Topic) failed: it has a network interface; stack inventory-dev-api is "
                    + "DELETE_FAILED; remove what holds it, then redrive"
            );
        bench.Record = new TaskRecord
        {
            Deployment = new("one"),
            Step = "api",
            Task = "remove",
            Kind = "stack",
            Attempt = 2,
        };
        (await bench.Remove()).ShouldBeOfType<Outcome.Running>();

        cloudFormation.Changes.Count.ShouldBe(2);
    }

    private static async Task<StackBench> Bench(AskedCloudFormation cloudFormation) =>
        new(await Desk.Open(), cloudFormation.Client)
        {
            Record = new TaskRecord
            {
                Deployment = new("one"),
                Step = "api",
                Task = "remove",
                Kind = "stack",
            },
        };
}
