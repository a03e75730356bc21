using Amazon.CloudFormation;
using Amazon.CloudFormation.Model;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Deployments;
using Microsoft.Extensions.DependencyInjection;
using NSubstitute;

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
            .Differences.ShouldContain($"nested stack {path} of stack inventory-dev-api no longer exists");
    }

    [Theory]
    [InlineData("Child")]
    [InlineData("Child/Inner")]
    public async Task A_nested_stack_that_was_updated_after_its_step_fails_the_proof_by_name(string path)
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, path);
        var proof = await Prover.Open(simulated);
        (await proof.Run()).Proven.ShouldBeTrue();
        await Update(simulated, nested);

        (await Should.ThrowAsync<NotYetException>(() => proof.Run(redriveCount: 1))).Message.ShouldBe(
            $"step 'api': nested stack {path} of stack inventory-dev-api is UPDATE_IN_PROGRESS"
        );
        await simulated.Settled(nested);
        await Should.ThrowAsync<NotYetException>(() => proof.Run(redriveCount: 1));
        proof.Desk.Now += Proof.TimeUntilWrong;

        (await Should.ThrowAsync<StepDiffersException>(() => proof.Run(redriveCount: 1))).Message.ShouldBe(
            $"step 'api' is not as it was deployed: nested stack {path} of stack inventory-dev-api was updated since the last deployment; "
                + "see what changed it, then deploy again"
        );
    }

    [Fact]
    public async Task A_nested_stack_that_was_deleted_after_its_step_fails_the_proof_by_name()
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, "Child/Inner");
        var proof = await Prover.Open(simulated);
        await simulated.Client.DeleteStackAsync(new DeleteStackRequest { StackName = nested });
        await simulated.Settled(nested);
        await Should.ThrowAsync<NotYetException>(() => proof.Run());
        proof.Desk.Now += Proof.TimeUntilWrong;

        (await Should.ThrowAsync<StepDiffersException>(() => proof.Run())).Message.ShouldBe(
            "step 'api' is not as it was deployed: nested stack Child/Inner of stack inventory-dev-api no longer exists; "
                + "see what changed it, then deploy again"
        );
    }

    [Theory]
    [InlineData("Child")]
    [InlineData("Child/Inner")]
    public async Task A_nested_stack_that_was_deleted_by_hand_is_the_cause_before_anything_changes_and_can_be_made_again(string path)
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, path);
        await simulated.Client.DeleteStackAsync(new DeleteStackRequest { StackName = nested });
        await simulated.Settled(nested);
        var cause =
            $"nested stack {path} of stack inventory-dev-api was deleted directly, and CloudFormation does not create it again: deploy "
            + $"once without {path.Split('/')[^1]} in the template, then with it; its id is {nested}";

        simulated.Bench.Begin("plan", "template: api.yaml");
        (await simulated.Plan()).Problem.ShouldBe($"StackFailedException: {cause}");
        simulated.Bench.Begin("two", "template: api.yaml");
        (await Should.ThrowAsync<StackFailedException>(simulated.Deploy)).Message.ShouldBe(cause);
        (await simulated.Settled()).StackStatus.ShouldBe(StackStatus.CREATE_COMPLETE);

        await Templates(simulated, without: path);
        simulated.Bench.Begin("three", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        await Templates(simulated);
        simulated.Bench.Begin("four", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        (await simulated.Settled(await Id(simulated, path))).StackStatus.ShouldBe(StackStatus.CREATE_COMPLETE);
    }

    // An operation by hand meets what the deployer refuses.
    [Fact]
    public async Task A_nested_stack_that_was_deleted_by_hand_fails_an_update_of_its_outer_stack_in_CloudFormations_words()
    {
        await using var simulated = await Deployed();
        var nested = await Id(simulated, "Child");
        await simulated.Client.DeleteStackAsync(new DeleteStackRequest { StackName = nested });
        await simulated.Settled(nested);

        await simulated.Client.UpdateStackAsync(
            new UpdateStackRequest
            {
                StackName = StackBench.StackName,
                UsePreviousTemplate = true,
                Tags = [new Tag { Key = "by", Value = "hand" }],
            }
        );

        (await simulated.Settled()).StackStatus.Value.ShouldStartWith("UPDATE_ROLLBACK_");
        (await simulated.Client.DescribeStackEventsAsync(new DescribeStackEventsRequest { StackName = StackBench.StackName }))
            .StackEvents.Where(happened => happened.ResourceStatus == ResourceStatus.UPDATE_FAILED)
            .Select(happened => happened.ResourceStatusReason)
            .ShouldContain($"Stack:{nested} is in DELETE_COMPLETE state and can not be updated.");
    }

    [Theory]
    [InlineData("UPDATE_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_COMPLETE 1")]
    [InlineData("UPDATE_ROLLBACK_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_ROLLBACK_IN_PROGRESS 1", "UPDATE_ROLLBACK_COMPLETE 2")]
    [InlineData("UPDATE_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS 1", "UPDATE_COMPLETE 2")]
    public async Task A_description_that_the_events_agree_with_is_believed(string described, params string[] events) =>
        (await NestedStacks.Read(Described(described, events), "outer"))["Child"].Status.ShouldBe(described.Split(' ')[0]);

    // https://github.com/aws/aws-cdk-cli/issues/1802: a description can be behind the events.
    [Theory]
    [InlineData("UPDATE_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_COMPLETE 1", "UPDATE_IN_PROGRESS 2")]
    [InlineData("UPDATE_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_COMPLETE 1", "UPDATE_IN_PROGRESS 2", "UPDATE_COMPLETE 3")]
    [InlineData("UPDATE_COMPLETE 0", "UPDATE_IN_PROGRESS 0", "UPDATE_ROLLBACK_IN_PROGRESS 1", "UPDATE_ROLLBACK_COMPLETE 2")]
    [InlineData("CREATE_COMPLETE 0", "CREATE_IN_PROGRESS 0", "CREATE_COMPLETE 1", "DELETE_IN_PROGRESS 2", "DELETE_COMPLETE 3")]
    public async Task A_description_that_is_behind_the_events_is_not_believed(string described, params string[] events) =>
        (await Should.ThrowAsync<NotYetException>(() => NestedStacks.Read(Described(described, events), "outer"))).Message.ShouldBe(
            $"nested stack Child is described as {described.Split(' ')[0]}"
        );

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
        var simulated = await SimulatedStacks.Open();
        await Templates(simulated);
        simulated.Bench.Begin("one", "template: api.yaml");
        (await simulated.Deploy()).ShouldBeOfType<Outcome.Succeeded>();
        return simulated;
    }

    /// <summary>Puts the three templates where the step and its nested stacks find them.</summary>
    /// <param name="simulated">The account.</param>
    /// <param name="without">The nested stack that its outer one does not name.</param>
    private static async Task Templates(SimulatedStacks simulated, string? without = null)
    {
        const string Level = "Parameters: { Level: { Type: String } }\n";
        const string Topic = "Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Level } }";
        var inner = await simulated.Put("inner.yaml", $"{Level}Resources: {{ {Topic} }}");
        var innerOne = without == "Child/Inner" ? string.Empty : $", Inner: {Nested(inner)}";
        var child = await simulated.Put("child.yaml", $"{Level}Resources: {{ {Topic}{innerOne} }}");
        var childOne = without == "Child" ? string.Empty : $", Child: {Nested(child)}";
        simulated.Bench.Folder.With("api.yaml", $"Resources: {{ Own: {{ Type: AWS::SNS::Topic }}{childOne} }}");
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

    /// <summary>A nested stack, described as it was at a second, and its own events with theirs.</summary>
    private static IAmazonCloudFormation Described(string described, IReadOnlyList<string> events)
    {
        const string Child = "arn:child";
        var client = Substitute.For<IAmazonCloudFormation>();
        client
            .ListStackResourcesAsync(Arg.Any<ListStackResourcesRequest>(), Arg.Any<CancellationToken>())
            .Returns(call => new ListStackResourcesResponse
            {
                StackResourceSummaries =
                    call.Arg<ListStackResourcesRequest>().StackName == "outer"
                        ?
                        [
                            new StackResourceSummary
                            {
                                LogicalResourceId = "Child",
                                PhysicalResourceId = Child,
                                ResourceType = "AWS::CloudFormation::Stack",
                                ResourceStatus = ResourceStatus.UPDATE_COMPLETE,
                            },
                        ]
                        : [],
            });
        client
            .DescribeStacksAsync(Arg.Any<DescribeStacksRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeStacksResponse
                {
                    Stacks =
                    [
                        new Stack
                        {
                            StackId = Child,
                            StackName = "child",
                            StackStatus = new StackStatus(described.Split(' ')[0]),
                            CreationTime = At("x -5"),
                            LastUpdatedTime = At(described),
                        },
                    ],
                }
            );
        client
            .DescribeStackEventsAsync(Arg.Any<DescribeStackEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeStackEventsResponse
                {
                    // The newest first, and those of an operation before.
                    StackEvents =
                    [
                        .. events
                            .Prepend("CREATE_COMPLETE -4")
                            .Prepend("CREATE_IN_PROGRESS -5")
                            .Reverse()
                            .Select(happened => new StackEvent
                            {
                                StackId = Child,
                                PhysicalResourceId = Child,
                                LogicalResourceId = "child",
                                ResourceStatus = new ResourceStatus(happened.Split(' ')[0]),
                                Timestamp = At(happened),
                            }),
                    ],
                }
            );
        return client;

        static DateTime At(string happened) =>
            new DateTime(2100, 1, 1, 0, 0, 30, DateTimeKind.Utc).AddSeconds(
                int.Parse(happened.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture)
            );
    }

    /// <summary>The proof of the deployment that made the stacks.</summary>
    private sealed class Prover(ServiceProvider services, Desk desk)
    {
        public Desk Desk => desk;

        public static async Task<Prover> Open(SimulatedStacks simulated)
        {
            var desk = simulated.Bench.Desk;
            desk.Hold(simulated.Bench.Folder);
            desk.TargetAccount = simulated.Enter;
            await desk.Deployment("one");
            return new Prover(desk.Services(), desk);
        }

        public Task<ProofAnswer> Run(int redriveCount = 0) =>
            services.GetRequiredService<Proof>().Run(new DeploymentInput(new("one"), new("arn"), redriveCount, 0));
    }
}
