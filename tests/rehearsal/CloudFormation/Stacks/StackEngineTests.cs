using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CloudFormation.Stacks;

public sealed class StackEngineTests
{
    private const string Base = """
        Parameters: { Name: { Type: String, Default: one }, Display: { Type: String, Default: d } }
        Resources:
          Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name, DisplayName: !Ref Display } }
          Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], AlarmActions: [ !Ref Topic ] } }
        Outputs:
          Topic: { Value: !Ref Topic, Export: { Name: shared-topic } }
        """;

    [Fact]
    public async Task A_new_stack_passes_through_its_statuses()
    {
        await using var world = new StackWorld();

        var stack = await world.Created("inventory", Base);

        world.Statuses.ShouldBe(["inventory CREATE_IN_PROGRESS", "inventory CREATE_COMPLETE"]);
        world
            .Events(stack)
            .ShouldBe([
                "Topic CREATE_IN_PROGRESS",
                "Topic CREATE_IN_PROGRESS: Resource creation Initiated",
                "Topic CREATE_COMPLETE",
                "Alarm CREATE_IN_PROGRESS",
                "Alarm CREATE_IN_PROGRESS: Resource creation Initiated",
                "Alarm CREATE_COMPLETE",
            ]);
        stack.Outputs.ShouldBe([new StackOutput("Topic", "arn:aws:sns:us-east-1:111111111111:one", null, "shared-topic")]);
        stack.Resources["Alarm"].Properties.ToJsonString().ShouldContain("arn:aws:sns:us-east-1:111111111111:one");
        (world.World.Now - stack.Created).ShouldBeGreaterThan(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_output_that_cannot_be_made_and_what_follows_are_two_sentences()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "inventory",
            Base.Replace("Value: !Ref Topic", "Value: !Join [ '', !GetAtt Topic.DisplayName ]", StringComparison.Ordinal)
        );

        world
            .Stacks.Events(stack)
            .ShouldContain(e =>
                e.Status == "ROLLBACK_IN_PROGRESS"
                && e.Reason!.EndsWith("to be joined. Rollback requested by user.", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task An_update_in_place_touches_only_what_changed()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Base);

        var stack = await world.Updated("inventory", Base, new GivenParameter("Display", "other"));

        world
            .Statuses.Skip(2)
            .ShouldBe(["inventory UPDATE_IN_PROGRESS", "inventory UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "inventory UPDATE_COMPLETE"]);
        world.Events(stack).Skip(6).ShouldBe(["Topic UPDATE_IN_PROGRESS", "Topic UPDATE_COMPLETE"]);
        stack.Definition.Parameters["Display"].Value.ShouldBe("other");
    }

    [Fact]
    public async Task A_replacement_creates_first_and_deletes_in_the_cleanup()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Base.Replace(", Export: { Name: shared-topic }", ""));

        var stack = await world.Updated("inventory", Base, new GivenParameter("Name", "two"));

        world
            .Events(stack)
            .Skip(6)
            .ShouldBe([
                "Topic UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.",
                "Topic UPDATE_IN_PROGRESS: Resource creation Initiated",
                "Topic UPDATE_COMPLETE",
                "Alarm UPDATE_IN_PROGRESS",
                "Alarm UPDATE_COMPLETE",
                "Topic DELETE_IN_PROGRESS",
                "Topic DELETE_COMPLETE",
            ]);
        stack.Resources["Topic"].PhysicalId.ShouldBe("arn:aws:sns:us-east-1:111111111111:two");
        stack.Outputs.Single().Value.ShouldEndWith(":two");
    }

    [Fact]
    public async Task A_failed_creation_deletes_what_it_made()
    {
        await using var world = new StackWorld(new Fault("stack-rolls-back", "Alarm")) { Caller = Administrator() };
        Allow(world);

        var stack = await world.Created("inventory", Base);

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world.Statuses.ShouldBe(["inventory CREATE_IN_PROGRESS", "inventory ROLLBACK_IN_PROGRESS", "inventory ROLLBACK_COMPLETE"]);
        world
            .Stacks.Events(stack)
            .ShouldContain(e =>
                e.Status == "ROLLBACK_IN_PROGRESS"
                && e.Reason == "The following resource(s) failed to create: [Alarm]. Rollback requested by user."
            );
        world
            .Events(stack)
            .Skip(5)
            .Select(e => e.Split(':')[0])
            .ShouldBe([
                "Alarm CREATE_FAILED",
                "Alarm DELETE_IN_PROGRESS",
                "Alarm DELETE_COMPLETE",
                "Topic DELETE_IN_PROGRESS",
                "Topic DELETE_COMPLETE",
            ]);
        stack.Outputs.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failed_update_gives_the_former_properties_back()
    {
        await using var world = new StackWorld(new Fault("stack-rolls-back", "Alarm"));
        Allow(world);
        await world.Created("inventory", Base.Replace(", Export: { Name: shared-topic }", ""));
        world.Caller = Administrator();

        var stack = await world.Updated("inventory", Base, new GivenParameter("Name", "two"));

        world
            .Statuses.Skip(2)
            .ShouldBe([
                "inventory UPDATE_IN_PROGRESS",
                "inventory UPDATE_ROLLBACK_IN_PROGRESS",
                "inventory UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
                "inventory UPDATE_ROLLBACK_COMPLETE",
            ]);
        world
            .Events(stack)
            .Skip(9)
            .Select(e => e.Split(':')[0])
            .ShouldBe([
                "Alarm UPDATE_IN_PROGRESS",
                "Alarm UPDATE_FAILED",
                "Topic UPDATE_COMPLETE",
                "Alarm UPDATE_IN_PROGRESS",
                "Alarm UPDATE_COMPLETE",
                "Topic DELETE_IN_PROGRESS",
                "Topic DELETE_COMPLETE",
            ]);
        stack.Resources["Topic"].PhysicalId.ShouldBe("arn:aws:sns:us-east-1:111111111111:one");
        stack.Resources["Alarm"].Properties.ToJsonString().ShouldContain(":one");
        stack.Outputs.Single().Value.ShouldEndWith(":one");
        stack.Definition.Parameters["Name"].Value.ShouldBe("one");

        // The fault strikes once: the same update goes through afterwards.
        (await world.Updated("inventory", Base, new GivenParameter("Name", "two"))).Status.ShouldBe(StackStatus.UPDATE_COMPLETE);
    }

    [Theory]
    [InlineData(false, "d")]
    [InlineData(true, "other")]
    public async Task A_rollback_that_failed_is_continued(bool skip, string display)
    {
        await using var world = new StackWorld(new Fault("stack-rolls-back", "Alarm"));
        Allow(world);
        await world.Created("inventory", Base);
        world.Caller = Administrator();
        var roles = new Rehearsal.Iam.Roles(world.World);
        var changed = Base.Replace("AlarmActions: [ !Ref Topic ]", "AlarmActions: [ !Ref Topic ], OKActions: [ !Ref Topic ]");
        var stack = await world.Update("inventory", changed, new GivenParameter("Display", "other"));
        await world.World.RunUntil(() => world.Stacks.Get(stack.Key).Status == StackStatus.UPDATE_ROLLBACK_IN_PROGRESS);
        await world.Do(() => Forbid("sns:*"));

        stack = await world.Settle(stack);
        (stack.Status, stack.StatusReason).ShouldBe(
            (StackStatus.UPDATE_ROLLBACK_FAILED, "The following resource(s) failed to update: [Topic].")
        );
        await world.Do(() => skip || Forbid("none:*"));
        await world.Do(() =>
        {
            world.Requests.ContinueRollback(world.Call, "inventory", null, skip ? ["Topic"] : []);
            return true;
        });

        stack = await world.Settle(stack);
        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        stack.Resources["Topic"].Status.ShouldBe(ResourceStatus.UPDATE_COMPLETE);
        world
            .World.Store.Table<Rehearsal.CloudFormation.ResourceTypes.RecordedResource>("resources")
            .WithPrefix("")
            .Single(entry => entry.Value.LogicalId == "Topic")
            .Value.Properties["DisplayName"]!
            .GetValue<string>()
            .ShouldBe(display);

        bool Forbid(string action)
        {
            roles.PutInlinePolicy(
                "111111111111",
                "deployer",
                "no",
                $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"{{action}}","Resource":"*"}]}"""
            );
            return true;
        }
    }

    [Fact]
    public async Task The_fault_rollback_fails_leaves_a_rollback_that_can_be_continued()
    {
        await using var world = new StackWorld(new Fault("rollback-fails", "Topic"));
        Allow(world);
        await world.Created("inventory", Base);
        world.Caller = Administrator();

        var stack = await world.Updated("inventory", Base, new GivenParameter("Display", "other"));
        (stack.Status, stack.StatusReason).ShouldBe(
            (StackStatus.UPDATE_ROLLBACK_FAILED, "The following resource(s) failed to update: [Topic].")
        );
        await world.Do(() =>
        {
            world.Requests.ContinueRollback(world.Call, "inventory", null, []);
            return true;
        });

        (await world.Settle(stack)).Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
    }

    [Fact]
    public async Task A_failed_update_can_be_kept_and_rolled_back_later()
    {
        await using var world = new StackWorld(new Fault("stack-rolls-back", "Alarm"));
        Allow(world);
        await world.Created("inventory", Base.Replace(", Export: { Name: shared-topic }", ""));
        world.Caller = Administrator();
        var order = StackWorld.Order("inventory", Base, new GivenParameter("Name", "two")) with { OnFailure = OnFailure.DO_NOTHING };
        var stack = await world.Settle(await world.Do(() => world.Requests.Update(world.Call, order)));
        stack.Status.ShouldBe(StackStatus.UPDATE_FAILED);

        await world.Do(() => world.Requests.RollBack(world.Call, "inventory", null));

        stack = await world.Settle(stack);
        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        stack.Resources["Topic"].PhysicalId.ShouldBe("arn:aws:sns:us-east-1:111111111111:one");
    }

    [Fact]
    public async Task What_runs_beside_a_failure_is_cancelled()
    {
        const string Body = """
            Resources:
              Slow: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }
              Quick: { Type: AWS::SNS::Topic }
            """;
        await using var world = new StackWorld(new Fault("stack-rolls-back", "Quick")) { Caller = Administrator() };
        Allow(world);

        var stack = await world.Created("inventory", Body);

        world.Events(stack).ShouldContain("Slow CREATE_FAILED: Resource creation cancelled");
        world
            .Stacks.Events(stack)
            .ShouldContain(e => e.Reason == "The following resource(s) failed to create: [Slow, Quick]. Rollback requested by user.");
    }

    [Fact]
    public async Task A_deletion_goes_against_the_order_and_keeps_what_is_retained()
    {
        await using var world = new StackWorld();
        await world.Created(
            "inventory",
            Base.Replace("Topic: { Type: AWS::SNS::Topic,", "Topic: { Type: AWS::SNS::Topic, DeletionPolicy: Retain,")
        );

        var stack = await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "inventory", null, null, []);
            return world.Stacks.All("111111111111", "us-east-1").Single();
        });
        await world.Settle(stack);

        world.Statuses.Skip(2).ShouldBe(["inventory DELETE_IN_PROGRESS", "inventory DELETE_COMPLETE"]);
        world.Events(stack).Skip(6).ShouldBe(["Alarm DELETE_IN_PROGRESS", "Alarm DELETE_COMPLETE", "Topic DELETE_SKIPPED"]);
        world.Stacks.Find("111111111111", "us-east-1", "inventory").ShouldBeNull();
        world.Stacks.Find("111111111111", "us-east-1", stack.Id).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_export_in_use_stops_update_and_deletion()
    {
        await using var world = new StackWorld();
        var exporter = await world.Created("exporter", Base);
        await world.Created(
            "importer",
            "Resources: { A: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], "
                + "AlarmActions: [ !ImportValue shared-topic ] } } }"
        );

        exporter = await world.Updated("exporter", Base, new GivenParameter("Name", "two"));
        exporter.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        world.Stacks.Events(exporter).ShouldContain(e => e.Reason == "Export shared-topic cannot be updated as it is in use by importer");

        await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "exporter", null, null, []);
            return true;
        });
        exporter = await world.Settle(exporter);
        exporter.Status.ShouldBe(StackStatus.DELETE_FAILED);
        exporter.StatusReason.ShouldBe("Export shared-topic cannot be deleted as it is in use by importer");
    }

    [Fact]
    public async Task A_missing_export_fails_the_resource()
    {
        await using var world = new StackWorld();

        var stack = await world.Created(
            "importer",
            "Resources: { A: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], "
                + "AlarmActions: [ !ImportValue nowhere ] } } }"
        );

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world.Events(stack).ShouldBe(["A CREATE_FAILED: No export named nowhere found."]);
    }

    [Fact]
    public async Task A_role_without_permission_fails_the_resource_with_AWSs_words()
    {
        await using var world = new StackWorld { Caller = Administrator("reader") };

        var stack = await world.Created("inventory", Base);

        stack.Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
        world
            .Events(stack)[1]
            .ShouldStartWith(
                "Topic CREATE_FAILED: Resource handler returned message: \"User: arn:aws:sts::111111111111:assumed-role/reader/test is "
                    + "not authorized to perform: sns:CreateTopic on resource: "
                    + "arn:aws:sns:us-east-1:111111111111:one because no identity-based policy allows the sns:CreateTopic action\""
            );
        world.Events(stack)[1].ShouldEndWith("HandlerErrorCode: AccessDenied)");
    }

    [Fact]
    public async Task A_stack_can_hang_for_hours()
    {
        await using var world = new StackWorld(new Fault("stack-never-ends", null)) { Caller = Administrator() };
        Allow(world);
        var stack = await world.Create("inventory", Base);
        var begun = world.World.Now;

        await world.World.RunUntil(() => world.World.Now > begun.AddMinutes(2) || world.Stacks.Get(stack.Key).Operation is null);

        world.World.Now.ShouldBeGreaterThan(begun.AddHours(11));
    }

    private static Principal Administrator(string role = "deployer") => Principal.AssumedRole("111111111111", role, "test");

    private static void Allow(StackWorld world) =>
        world
            .Do(() =>
                new Rehearsal.Iam.Roles(world.World).Create(
                    new Rehearsal.Iam.Role
                    {
                        Account = "111111111111",
                        Name = "deployer",
                        TrustPolicy =
                            """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""",
                        InlinePolicies =
                        {
                            ["all"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""",
                        },
                    }
                )
            )
            .GetAwaiter()
            .GetResult();
}
