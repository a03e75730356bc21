using Deployer.Rehearsal.CloudFormation.Requests;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CloudFormation.Stacks;

/// <summary>Operations that go on where a stored world stopped.</summary>
public sealed class StoredStacksTests : IDisposable
{
    private const string Inner = "https://s3.amazonaws.com/templates/inner.yaml";

    private const string Body = """
        Parameters: { Name: { Type: String, Default: one } }
        Resources:
          Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Name } }
          Alarm: { Type: AWS::CloudWatch::Alarm, Properties: { Metrics: [ { Id: m } ], AlarmActions: [ !Ref Topic ] } }
          Nested: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3.amazonaws.com/templates/inner.yaml,
            Parameters: { Display: !Ref Name } } }
        Outputs: { Topic: { Value: !Ref Topic } }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("stacks").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, StackStatus.UPDATE_COMPLETE, "two")]
    [InlineData("Alarm", StackStatus.UPDATE_ROLLBACK_COMPLETE, "one")]
    public async Task A_world_stopped_at_every_step_ends_as_one_that_was_not(string? failing, StackStatus status, string name)
    {
        string key;
        await using (var world = Open(failing))
        {
            key = (await world.Created("inventory", Body)).Key;
            var changeSet = await world.ChangeSet("inventory", "second", Body, parameters: new GivenParameter("Name", "two"));
            changeSet.Status.ShouldBe(ChangeSetStatus.CREATE_COMPLETE);
        }

        var stops = 0;
        var executed = false;
        while (true)
        {
            await using var world = Open(failing);
            if (!executed)
            {
                world.Caller = Principal.AssumedRole("111111111111", "deployer", "test");
                await world.Do(() => Allow(world));
                await world.Do(() =>
                {
                    world.ChangeSetRequests.Execute(world.Call, "second", "inventory", null, keepFailed: false);
                    return executed = true;
                });
            }

            if (world.Stacks.Get(key).Operation is null)
            {
                break;
            }

            var before = world.World.Now;
            await world.World.RunUntil(() => world.World.Now > before);
            stops++;
        }

        await using var last = Open(failing);
        var stack = last.Stacks.Get(key);
        stops.ShouldBeGreaterThan(8);
        stack.Status.ShouldBe(status);
        stack.Outputs.Single().Value.ShouldEndWith($":{name}");
        stack.Resources["Alarm"].Properties.ToJsonString().ShouldContain($":{name}");
        last.Stacks.Nested(stack, "Nested")!.Resources["Topic"].Properties.ToJsonString().ShouldContain(name);
        last.World.Store.Table<Rehearsal.CloudFormation.ResourceTypes.RecordedResource>("resources")
            .WithPrefix("")
            .Count(entry => entry.Value.LogicalId == "Topic")
            .ShouldBe(2);
    }

    private StackWorld Open(string? failing) =>
        new(
            new RehearsalOptions
            {
                StateDirectory = _folder,
                Faults = new Faults(failing is null ? [] : [new Fault("stack-rolls-back", failing)]),
            }
        )
        {
            Templates =
            {
                [Inner] =
                    "Parameters: { Display: { Type: String } }\nResources: { Topic: { Type: AWS::SNS::Topic, Properties: { "
                    + "DisplayName: !Ref Display } } }",
            },
        };

    private static bool Allow(StackWorld world)
    {
        new Rehearsal.Iam.Roles(world.World).Create(
            new Rehearsal.Iam.Role
            {
                Account = "111111111111",
                Name = "deployer",
                TrustPolicy = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}]}""",
                InlinePolicies = { ["all"] = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""" },
            }
        );
        return true;
    }
}
