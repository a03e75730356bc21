using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Tests.CloudFormation.Requests;

public sealed class StackRequestsTests
{
    private const string Body =
        "Parameters: { D: { Type: String, Default: a } }\nResources: { Topic: { Type: AWS::SNS::Topic, Properties: { DisplayName: !Ref "
        + "D } } }";
    private const string WithRole = "Resources: { R: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: {} } } }";

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await using var world = new StackWorld();
        await world.Create("inventory", Body);

        (await Error(() => world.Create("inventory", Body))).ShouldBe(("AlreadyExistsException", "Stack [inventory] already exists"));
        (await Error(() => world.Create("in_ventory", Body))).Code.ShouldBe("ValidationError");
    }

    [Fact]
    public async Task A_running_stack_cannot_be_updated()
    {
        await using var world = new StackWorld();
        var stack = await world.Create("inventory", Body);

        (await Error(() => world.Update("inventory", Body))).ShouldBe(
            ("ValidationError", $"Stack:{stack.Id} is in CREATE_IN_PROGRESS state and can not be updated.")
        );
        (await Error(() => world.Update("elsewhere", Body))).ShouldBe(("ValidationError", "Stack [elsewhere] does not exist"));
    }

    [Fact]
    public async Task Nothing_to_do_is_an_error()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Body);

        (await Error(() => world.Update("inventory", Body))).ShouldBe(("ValidationError", "No updates are to be performed."));
    }

    [Fact]
    public async Task The_same_token_begins_an_operation_once()
    {
        await using var world = new StackWorld();
        var order = StackWorld.Order("inventory", Body) with { Token = "t-1" };
        var stack = await world.Do(() => world.Requests.Create(world.Call, order));

        (await world.Do(() => world.Requests.Create(world.Call, order))).Id.ShouldBe(stack.Id);
        await world.Settle(stack);
        world.Stacks.Events(stack).ShouldAllBe(e => e.Token == "t-1");
        (await Error(() => world.Do(() => world.Requests.Update(world.Call, order)))).Code.ShouldBe("TokenAlreadyExistsException");
    }

    [Theory]
    [InlineData(WithRole, "", "Requires capabilities : [CAPABILITY_IAM]")]
    [InlineData(
        "Resources: { R: { Type: AWS::IAM::Role, Properties: { RoleName: x } } }",
        "CAPABILITY_IAM",
        "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    )]
    [InlineData(
        "Resources: { U: { Type: AWS::IAM::User, Properties: { UserName: x } } }",
        "CAPABILITY_IAM",
        "Requires capabilities : [CAPABILITY_NAMED_IAM]"
    )]
    [InlineData(
        "Resources: { K: { Type: AWS::IAM::AccessKey, Properties: { UserName: x } } }",
        "",
        "Requires capabilities : [CAPABILITY_IAM]"
    )]
    [InlineData(
        "Transform: AWS::LanguageExtensions\nResources: { T: { Type: AWS::SNS::Topic } }",
        "CAPABILITY_NAMED_IAM",
        "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    )]
    [InlineData(
        "Transform: AWS::Serverless-2016-10-31\nResources: { T: { Type: AWS::SNS::Topic } }",
        "CAPABILITY_NAMED_IAM",
        "Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    )]
    public async Task Capabilities_are_asked_for_exactly(string body, string given, string message)
    {
        await using var world = new StackWorld();

        (
            await Error(() =>
                world.Do(() =>
                    world.Requests.Create(world.Call, new StackOrder("inventory") { TemplateBody = body, Capabilities = [given] })
                )
            )
        ).ShouldBe(("InsufficientCapabilitiesException", message));
    }

    [Fact]
    public async Task A_protected_stack_stays()
    {
        await using var world = new StackWorld();
        var stack = await world.Do(() =>
            world.Requests.Create(world.Call, StackWorld.Order("inventory", Body) with { TerminationProtection = true })
        );
        await world.Settle(stack);

        (await Error(() => Delete(world, "inventory"))).ShouldBe(
            ("ValidationError", "Stack [inventory] cannot be deleted while TerminationProtection is enabled")
        );
        await Delete(world, "nowhere");
    }

    [Fact]
    public async Task A_template_too_large_to_send_is_refused()
    {
        await using var world = new StackWorld();

        (await Error(() => world.Create("inventory", Body + new string('\n', 51_200)))).Message.ShouldContain(
            "Member must have length less than or equal to 51200"
        );
        (await Error(() => world.Do(() => world.Requests.Create(world.Call, new StackOrder("inventory"))))).Message.ShouldBe(
            "Either Template URL or Template Body must be specified."
        );
        (await Error(() => world.Create("inventory", "Resources: { X: { Type: AWS::Some::Thing } }"))).Message.ShouldBe(
            "Template format error: Unrecognized resource types: [AWS::Some::Thing]"
        );
    }

    [Fact]
    public async Task An_update_is_cancelled_on_request()
    {
        await using var world = new StackWorld();
        await world.Created("inventory", Body);
        var stack = await world.Update("inventory", Body, new GivenParameter("D", "b"));

        await world.Do(() =>
        {
            world.Requests.Cancel(world.Call, "inventory");
            return true;
        });
        stack = await world.Settle(stack);

        stack.Status.ShouldBe(StackStatus.UPDATE_ROLLBACK_COMPLETE);
        (
            await Error(() =>
                world.Do(() =>
                {
                    world.Requests.Cancel(world.Call, "inventory");
                    return true;
                })
            )
        ).Message.ShouldBe("CancelUpdateStack cannot be called from current stack status");
    }

    [Fact]
    public async Task A_failure_can_be_kept_and_rolled_back_later()
    {
        await using var world = new StackWorld();
        var body = Body.Replace("!Ref D", "!ImportValue nowhere");
        var stack = await world.Do(() =>
            world.Requests.Create(world.Call, StackWorld.Order("inventory", body) with { OnFailure = OnFailure.DO_NOTHING })
        );
        (await world.Settle(stack)).Status.ShouldBe(StackStatus.CREATE_FAILED);

        await world.Do(() => world.Requests.RollBack(world.Call, "inventory", null));

        (await world.Settle(stack)).Status.ShouldBe(StackStatus.ROLLBACK_COMPLETE);
    }

    [Fact]
    public async Task A_failed_creation_can_delete_the_stack()
    {
        await using var world = new StackWorld();
        var stack = await world.Do(() =>
            world.Requests.Create(
                world.Call,
                StackWorld.Order("inventory", Body.Replace("!Ref D", "!ImportValue nowhere")) with
                {
                    OnFailure = OnFailure.DELETE,
                }
            )
        );

        (await world.Settle(stack)).Status.ShouldBe(StackStatus.DELETE_COMPLETE);
        world
            .Stacks.Events(stack)
            .ShouldContain(e =>
                e.Status == "DELETE_IN_PROGRESS"
                && e.Reason == "The following resource(s) failed to create: [Topic]. Delete requested by user."
            );
    }

    private static Task<bool> Delete(StackWorld world, string name) =>
        world.Do(() =>
        {
            world.Requests.Delete(world.Call, name, null, null, []);
            return true;
        });

    private static async Task<(string Code, string Message)> Error<T>(Func<Task<T>> action)
    {
        var error = await Should.ThrowAsync<ApiException>(action);
        return (error.Code, error.Message);
    }
}
