using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Stacks;

/// <summary>What somebody does to a nested stack is a difference of the step, though its outer stack shows nothing of it.</summary>
public sealed class NestedStacksTests
{
    [Theory]
    [InlineData("Child")]
    [InlineData("Child/Inner")]
    public async Task A_nested_stack_that_was_updated_by_hand_is_a_change_and_is_brought_back(string path)
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, path);

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
        await Update(simulated, nested);
        await simulated.Settled(nested);

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([$"nested stack {path} of stack inventory-dev-api was updated since the last deployment"]);
        (await simulated.Plan()).Notices.ShouldContain(
            $"nested stack {path} of stack inventory-dev-api was updated since the last deployment"
        );
        simulated.Bench.Begin("two", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.Updated);
        (await simulated.Settled(nested)).Parameters.Single().ParameterValue.ShouldBe("info");
        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
    }

    [Theory]
    [InlineData("Child")]
    [InlineData("Child/Inner")]
    public async Task A_nested_stack_that_was_rolled_back_is_a_change(string path)
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, path);
        await Update(simulated, nested);
        await simulated.Client.CancelUpdateStackAsync(new CancelUpdateStackRequest { StackName = nested });

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.NotReadable>()
            .Cause.Message.ShouldStartWith($"nested stack {path} of stack inventory-dev-api is UPDATE_ROLLBACK_IN_PROGRESS");
        (await simulated.Settled(nested)).StackStatus.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldBe([$"nested stack {path} of stack inventory-dev-api is UPDATE_ROLLBACK_COMPLETE"]);
    }

    [Fact]
    public async Task A_nested_stack_whose_rollback_left_nothing_to_do_is_no_change_after_the_next_deployment()
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, "Child");
        await Update(simulated, nested);
        await simulated.Client.CancelUpdateStackAsync(new CancelUpdateStackRequest { StackName = nested });
        await simulated.Settled(nested);

        simulated.Bench.Begin("two", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>().Action.ShouldBe(StepAction.None);

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
    }

    [Theory]
    [InlineData("Child")]
    [InlineData("Child/Inner")]
    public async Task A_nested_stack_that_was_deleted_by_hand_is_a_change(string path)
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, path);
        await simulated.Client.DeleteStackAsync(new DeleteStackRequest { StackName = nested });
        await simulated.Settled(nested);

        (await simulated.Bench.Compare())
            .ShouldBeOfType<Comparison.Changes>()
            .Differences.ShouldContain($"nested stack {path} of stack inventory-dev-api does not exist any more");
    }

    [Fact]
    public async Task Nested_stacks_are_compared_in_batches_that_go_on_where_they_stopped()
    {
        await using var simulated = await Deployed();
        var first = new ComparisonProgress([], 1);

        (await simulated.Bench.Compare(first)).ShouldBeOfType<Comparison.Unfinished>();
        first.Compared.ShouldBe([await Id(simulated, "Child")]);
        var second = new ComparisonProgress(first.Compared, 1);

        (await simulated.Bench.Compare(second)).ShouldBeOfType<Comparison.NoChanges>();
        second.Compared.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_record_without_nested_stacks_is_compared_as_before()
    {
        await using var simulated = await Deployed();
        await simulated.Bench.Desk.Ledger.Change(
            ReleasedStep.Key("inventory", "dev", "api"),
            released => released!.Keep(released.Kept<ReleasedStack>() with { Nested = null })
        );
        var nested = await Id(simulated, "Child");
        await Update(simulated, nested);
        await simulated.Settled(nested);

        (await simulated.Bench.Compare()).ShouldBeOfType<Comparison.NoChanges>();
    }

    private static async Task<SimulatedStacks> Deployed()
    {
        const string Level = "Parameters: { Level: { Type: String } }\n";
        const string Topic = "Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Level } }";
        var simulated = await SimulatedStacks.Open();
        var inner = await simulated.Put("inner.yaml", $"{Level}Resources: {{ {Topic} }}");
        var child = await simulated.Put("child.yaml", $"{Level}Resources: {{ {Topic}, Inner: {Nested(inner)} }}");
        simulated.Bench.Folder.With("api.yaml", $"Resources: {{ Child: {Nested(child)} }}");
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        return simulated;
    }

    private static string Nested(string url) =>
        $"{{ Type: AWS::CloudFormation::Stack, Properties: {{ TemplateURL: \"{url}\", Parameters: {{ Level: info }} }} }}";

    private static async Task<string> Id(SimulatedStacks simulated, string path)
    {
        var id = StackBench.StackName;
        foreach (var logicalId in path.Split('/'))
        {
            id = (await simulated.Client.ListStackResourcesAsync(new ListStackResourcesRequest { StackName = id }))
                .StackResourceSummaries.Single(resource => resource.LogicalResourceId == logicalId)
                .PhysicalResourceId;
        }

        return id;
    }

    private static Task<UpdateStackResponse> Update(SimulatedStacks simulated, string nested) =>
        simulated.Client.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = nested,
                UsePreviousTemplate = true,
                Parameters = [new Parameter { ParameterKey = "Level", ParameterValue = "debug" }],
            }
        );
}
