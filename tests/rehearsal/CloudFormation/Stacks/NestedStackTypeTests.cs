using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.CloudFormation.Templates.Changes;

namespace Deployer.Rehearsal.Tests.CloudFormation.Stacks;

public sealed class NestedStackTypeTests
{
    private const string Url = "https://s3.amazonaws.com/templates/inner.yaml";

    private const string Outer = """
        Parameters: { Display: { Type: String, Default: d }, Name: { Type: String, Default: free } }
        Resources:
          Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/templates/inner.yaml,
            Parameters: { Display: !Ref Display } } }
          Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], AlarmName: !Ref Name,
            AlarmActions: [ !GetAtt Inner.Outputs.Topic ] } }
        """;

    private const string Inner = """
        Parameters: { Display: { Type: String } }
        Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref Display } } }
        Outputs: { Topic: { Value: !Ref Topic } }
        """;

    [Fact]
    public async Task A_nested_stack_is_created_before_what_needs_its_outputs()
    {
        await using var world = World();

        var stack = await world.Created("outer", Outer);

        world.Statuses.ShouldBe(["outer CREATE_IN_PROGRESS", "Inner CREATE_IN_PROGRESS", "Inner CREATE_COMPLETE", "outer CREATE_COMPLETE"]);
        stack.Resources["Alarm"].Properties.ToJsonString().ShouldContain("arn:aws:sns:us-east-1:111111111111:outer-Inner-");
        world.Stacks.Nested(stack, "Inner")!.Name.ShouldStartWith("outer-Inner-");
    }

    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
    [Theory]
    [InlineData("", "Requires capabilities : [CAPABILITY_IAM]")]
    [InlineData("CAPABILITY_IAM", null)]
    [InlineData("CAPABILITY_NAMED_IAM", null)]
    public async Task What_a_nested_template_needs_is_acknowledged_with_the_root(string given, string? refused)
    {
        await using var world = World();
        world.Templates[Url] = "Resources: { U: { Type: AWS::IAM::User } }";
        const string Root = "Resources: { Inner: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: " + Url + " } } }";

        var stack = await world.Settle(
            await world.Do(() =>
                world.Requests.Create(
                    world.Call,
                    new StackOrder("outer") { TemplateBody = Root, Capabilities = given.Length == 0 ? [] : [given] }
                )
            )
        );

        stack.Status.ShouldBe(refused is null ? StackStatus.CREATE_COMPLETE : StackStatus.ROLLBACK_COMPLETE);
        if (refused is not null)
        {
            world.Events(stack).ShouldContain(happened => happened.Contains(refused));
        }
    }

    [Fact]
    public async Task A_nested_stack_cleans_up_when_the_outer_one_does()
    {
        await using var world = World();
        await world.Created("outer", Outer);

        var stack = await world.Updated("outer", Outer, new GivenParameter("Display", "other"));

        stack.Status.ShouldBe(StackStatus.UPDATE_COMPLETE);
        world
            .Statuses.Skip(4)
            .ShouldBe([
                "outer UPDATE_IN_PROGRESS",
                "Inner UPDATE_IN_PROGRESS",
                "Inner UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                "outer UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
                "Inner UPDATE_COMPLETE",
                "outer UPDATE_COMPLETE",
            ]);
    }

    [Fact]
    public async Task A_nested_stack_is_rolled_back_with_the_outer_one()
    {
        await using var world = World();
        await world.Created("outer", Outer);
        await world.Created(
            "other",
            "Resources: { A: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], AlarmName: taken } } }"
        );

        var stack = await world.Updated("outer", Outer, new GivenParameter("Display", "other"), new GivenParameter("Name", "taken"));

        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        var inner = world.Stacks.Nested(stack, "Inner")!;
        inner.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        inner.Resources["Topic"].Properties.ToJsonString().ShouldBe("""{"DisplayName":"d"}""");
    }

    [Fact]
    public async Task A_nested_failure_is_reported_by_the_outer_stack()
    {
        await using var world = World();
        world.Templates[Url] = Inner.Replace("!Ref Display }", "!ImportValue nowhere }");

        var stack = await world.Created("outer", Outer);

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world
            .Events(stack)
            .ShouldContain(e =>
                e.StartsWith("Inner CREATE_FAILED: Embedded stack arn:aws:cloudformation:us-east-1:111111111111:stack/outer-Inner-")
                && e.EndsWith("was not successfully created: The following resource(s) failed to create: [Topic].")
            );
        world.Stacks.All("111111111111", "us-east-1", "outer-Inner").Single().Status.ShouldBe(StackStatus.DELETE_COMPLETE);
    }

    [Fact]
    public async Task A_failed_nested_update_rolls_both_back()
    {
        await using var world = World();
        await world.Created("outer", Outer);
        await world.Created("other", "Resources: { T: { Type: AWS::SNS::Topic, Properties: { TopicName: taken } } }");
        world.Templates[Url] = Inner.Replace("!Ref Display }", "!Ref Display, TopicName: taken }");

        var stack = await world.Updated("outer", Outer, new GivenParameter("Display", "other"));

        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        world
            .Events(stack)
            .ShouldContain(e =>
                e.StartsWith("Inner UPDATE_FAILED: Embedded stack ")
                && e.EndsWith(
                    "was not successfully updated. Currently in UPDATE_ROLLBACK_IN_PROGRESS with reason: The following resource(s) "
                        + "failed to update: [Topic]."
                )
            );
        world.Stacks.Nested(stack, "Inner")!.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
    }

    [Fact]
    public async Task A_nested_stack_goes_with_the_outer_one()
    {
        await using var world = World();
        var stack = await world.Created("outer", Outer);

        await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "outer", null, null, []);
            return true;
        });
        stack = await world.Settle(stack);

        stack.Status.ShouldBe(StackStatus.DELETE_COMPLETE);
        world
            .Statuses.Skip(4)
            .ShouldBe(["outer DELETE_IN_PROGRESS", "Inner DELETE_IN_PROGRESS", "Inner DELETE_COMPLETE", "outer DELETE_COMPLETE"]);
    }

    [Fact]
    public async Task A_change_set_looks_into_nested_stacks_when_asked_to()
    {
        await using var world = World();
        await world.Created("outer", Outer);

        var changeSet = await world.ChangeSet(
            "outer",
            "c1",
            Outer,
            includesNested: true,
            parameters: new GivenParameter("Display", "other")
        );
        var unchanged = await world.ChangeSet("outer", "c2", Outer, includesNested: true);
        var notAsked = await world.ChangeSet("outer", "c3", Outer);

        var nested = changeSet.Changes!.Resources.Single(c => c.LogicalId == "Inner");
        (await world.Do(() => world.ChangeSets.Get(world.Call, nested.ChangeSetId!, null)))
            .Changes!.Resources.Select(c => (c.LogicalId, c.Action))
            .ShouldBe([("Topic", ChangeAction.Modify)]);
        unchanged.StatusReason.ShouldBe(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        );
        notAsked.Changes!.Resources.Select(c => c.LogicalId).ShouldBe(["Inner", "Alarm"]);
    }

    [Fact]
    public async Task A_change_set_looks_into_nested_stacks_that_are_to_be_created()
    {
        await using var world = World();
        world.Templates["https://s3.amazonaws.com/templates/middle.yaml"] = Outer;
        const string Outermost =
            "Resources: { Middle: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: "
            + "https://s3.amazonaws.com/templates/middle.yaml } } }";

        var changeSet = await world.ChangeSet("outermost", "c1", Outermost, isCreation: true, includesNested: true);

        var middle = await Nested(changeSet.Changes!.Resources.Single());
        middle.Changes!.Resources.Select(c => (c.LogicalId, c.Action)).ShouldBe([("Inner", ChangeAction.Add), ("Alarm", ChangeAction.Add)]);
        var inner = await Nested(middle.Changes.Resources[0]);
        inner.Changes!.Resources.Select(c => (c.LogicalId, c.Action)).ShouldBe([("Topic", ChangeAction.Add)]);
        inner.StackName.ShouldStartWith("outermost-Middle-");
        world.Stacks.All("111111111111", "us-east-1").Select(stack => stack.Name).ShouldBe(["outermost"]);

        Task<ChangeSetRecord> Nested(ResourceChange change) => world.Do(() => world.ChangeSets.Get(world.Call, change.ChangeSetId!, null));
    }

    /// <summary>https://github.com/awslabs/amazon-s3-find-and-forget/issues/224</summary>
    [Fact]
    public async Task The_reason_of_a_nested_change_set_that_fails_stands_in_it_and_the_root_leads_there()
    {
        await using var world = World();
        world.Templates[Url] = Inner.Replace("!Ref Display }", "!ImportValue nowhere }", StringComparison.Ordinal);

        var changeSet = await world.ChangeSet("outer", "c1", Outer, isCreation: true, includesNested: true);

        changeSet.Status.ShouldBe(ChangeSetStatus.FAILED);
        var words = changeSet.StatusReason!.Split(' ');
        string.Join(' ', words[..3].Append("ID").Concat(words[4..]))
            .ShouldBe("Nested change set ID was not successfully created: Currently in FAILED.");
        var nested = await world.Do(() => world.ChangeSets.Get(world.Call, words[3], null));
        (nested.Status, nested.StatusReason, nested.ParentId).ShouldBe(
            (ChangeSetStatus.FAILED, "No export named nowhere found.", changeSet.Id)
        );
    }

    /// <summary>https://github.com/aws-cloudformation/rain/issues/526</summary>
    [Fact]
    public async Task What_is_wrong_with_a_nested_stacks_parameter_is_the_reason_of_the_change_set_around_it()
    {
        await using var world = World();
        world.Templates[Url] = Inner.Replace("{ Type: String }", "{ Type: String, AllowedPattern: '[0-9]' }", StringComparison.Ordinal);

        var changeSet = await world.ChangeSet("outer", "c1", Outer, isCreation: true, includesNested: true);

        changeSet.StatusReason.ShouldBe("Parameter 'Display' must match pattern [0-9]");
    }

    [Fact]
    public async Task A_parameter_of_a_nested_stack_that_is_known_after_apply_is_not_held_against_its_declaration()
    {
        await using var world = World();
        world.Templates["https://s3.amazonaws.com/templates/reader.yaml"] = """
            Parameters: { Topic: { Type: String, AllowedPattern: "arn:.*" } }
            Resources: { Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], AlarmActions: [ !Ref Topic ] } } }
            """;
        var two = Outer.Replace(
            "  Alarm:",
            "  Reader: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/templates/reader.yaml, "
                + "Parameters: { Topic: !GetAtt Inner.Outputs.Topic } } }\n  Alarm:"
        );

        var changeSet = await world.ChangeSet("outer", "c1", two, isCreation: true, includesNested: true);

        changeSet.StatusReason.ShouldBeNull();
        changeSet.Changes!.Resources.Count(c => c.ChangeSetId is not null).ShouldBe(2);
    }

    private static StackWorld World() => new() { Templates = { [Url] = Inner } };
}
