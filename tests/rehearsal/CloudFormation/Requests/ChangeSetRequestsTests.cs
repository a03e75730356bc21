using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.Requests;

public sealed class ChangeSetRequestsTests
{
    private const string Body =
        "Parameters: { D: { Type: String, Default: a } }\nResources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref "
        + "D } } }";

    [Fact]
    public async Task A_new_stack_waits_in_review_and_is_created_when_executed()
    {
        await using var world = new StackWorld();
        var changeSet = await world.ChangeSet("inventory", "first", Body, isCreation: true);
        var stack = world.Stacks.Get(changeSet.StackKey);
        stack.Status.ShouldBe(StackStatus.REVIEW_IN_PROGRESS);
        (changeSet.Status, changeSet.Execution).ShouldBe((ChangeSetStatus.CREATE_COMPLETE, ExecutionStatus.AVAILABLE));

        await Execute(world, "first", "inventory", "token-1");
        stack = await world.Settle(stack);

        world.Statuses.ShouldBe(["inventory REVIEW_IN_PROGRESS", "inventory CREATE_IN_PROGRESS", "inventory CREATE_COMPLETE"]);
        changeSet.Execution.ShouldBe(ExecutionStatus.EXECUTE_COMPLETE);
        world.Stacks.Events(stack).Count(e => e.Token == "token-1").ShouldBe(5);
        await Execute(world, "first", "inventory", "token-1");
        (await Error(() => Execute(world, "first", "inventory", null))).ShouldBe(
            ("InvalidChangeSetStatus", $"ChangeSet [{changeSet.Id}] cannot be executed in its current status of [EXECUTE_COMPLETE]")
        );
    }

    [Theory]
    [InlineData("", "The submitted information didn't contain changes. Submit different information to create a change set.")]
    [InlineData("Transform: AWS::Serverless-2016-10-31\n", "No updates are to be performed.")]
    public async Task No_change_fails_the_change_set(string transform, string reason)
    {
        await using var world = new StackWorld();
        await world.Created("inventory", transform + Body);

        var changeSet = await world.ChangeSet("inventory", "second", transform + Body);

        (changeSet.Status, changeSet.Execution, changeSet.StatusReason).ShouldBe(
            (ChangeSetStatus.FAILED, ExecutionStatus.UNAVAILABLE, reason)
        );
        (await Error(() => Execute(world, "second", "inventory", null))).Message.ShouldEndWith(
            "cannot be executed in its current status of [FAILED]"
        );
    }

    [Fact]
    public async Task An_outputs_only_change_is_one_without_resources()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Body);

        var changeSet = await world.ChangeSet("inventory", "outputs", Body + "\nOutputs: { O: { Value: !Ref Topic } }");

        changeSet.Status.ShouldBe(ChangeSetStatus.CREATE_COMPLETE);
        changeSet.Changes!.Resources.ShouldBeEmpty();
        await Execute(world, "outputs", "inventory", null);
        (await world.Settle(world.Stacks.Get(changeSet.StackKey))).Outputs.Single().Key.ShouldBe("O");
    }

    [Fact]
    public async Task Executing_one_deletes_the_others()
    {
        await using var world = new StackWorld();
        var stack = await world.Created("inventory", Body);
        await world.ChangeSet("inventory", "one", Body, parameters: new GivenParameter("D", "b"));
        await world.ChangeSet("inventory", "two", Body, parameters: new GivenParameter("D", "c"));

        await Execute(world, "two", "inventory", null);
        stack = await world.Settle(stack);

        world.ChangeSets.Of(stack).Select(set => (set.Name, set.Execution)).ShouldBe([("two", ExecutionStatus.EXECUTE_COMPLETE)]);
        stack.Resources["Topic"].Properties.ToJsonString().ShouldBe("""{"DisplayName":"c"}""");
    }

    [Fact]
    public async Task A_direct_update_makes_it_obsolete()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Body);
        var changeSet = await world.ChangeSet("inventory", "one", Body, parameters: new GivenParameter("D", "b"));

        await world.Updated("inventory", Body, new GivenParameter("D", "c"));

        changeSet.Execution.ShouldBe(ExecutionStatus.OBSOLETE);
    }

    [Fact]
    public async Task Types_and_names_are_checked()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Body);
        await world.ChangeSet("inventory", "taken", Body, parameters: new GivenParameter("D", "b"));

        (await Error(() => world.ChangeSet("inventory", "again", Body, isCreation: true))).Message.ShouldBe(
            "Stack [inventory] already exists and cannot be created again with the changeSet [again]."
        );
        (await Error(() => world.ChangeSet("nowhere", "one", Body))).Message.ShouldBe("Stack [nowhere] does not exist");
        (await Error(() => world.ChangeSet("inventory", "taken", Body))).ShouldBe(
            ("AlreadyExistsException", "ChangeSet taken already exists")
        );
        (await Error(() => world.ChangeSet("inventory", "9", Body))).Code.ShouldBe("ValidationError");
        (await Error(() => Execute(world, "missing", "inventory", null))).ShouldBe(
            ("ChangeSetNotFound", "ChangeSet [missing] does not exist")
        );
    }

    [Fact]
    public async Task A_stack_in_review_can_be_deleted()
    {
        await using var world = new StackWorld();
        var changeSet = await world.ChangeSet("inventory", "first", Body, isCreation: true);

        await world.Do(() =>
        {
            world.Requests.Delete(world.Call, "inventory", null, null, []);
            return true;
        });

        (await world.Settle(world.Stacks.Get(changeSet.StackKey))).Status.ShouldBe(StackStatus.DELETE_COMPLETE);
    }

    private static Task<bool> Execute(StackWorld world, string name, string stack, string? token) =>
        world.Do(() =>
        {
            world.ChangeSetRequests.Execute(world.Call, name, stack, token, keepFailed: false);
            return true;
        });

    private static async Task<(string Code, string Message)> Error<T>(Func<Task<T>> action)
    {
        var error = await Should.ThrowAsync<ApiException>(action);
        return (error.Code, error.Message);
    }
}
