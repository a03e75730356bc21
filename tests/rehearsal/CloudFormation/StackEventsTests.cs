using System.Text.Json.Nodes;
using Deployer.Rehearsal.CloudFormation;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.CloudFormation;

public sealed class StackEventsTests
{
    [Fact]
    public async Task Every_change_of_status_is_published_with_its_token()
    {
        var events = new Heard();
        await using var world = new StackWorld();
        world.Engine.Listen(new StackEvents(events));

        var stack = await world.Settle(
            await world.Do(() =>
                world.Requests.Create(
                    world.Call,
                    StackWorld.Order("inventory", "Resources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: t } } }") with
                    {
                        Token = "run-1",
                    }
                )
            )
        );

        events
            .Published.Select(e => e.Type)
            .Distinct()
            .ShouldBe(["CloudFormation Stack Status Change", "CloudFormation Resource Status Change"]);
        var (_, resources, last) = events.Published[^1];
        resources.ShouldBe([stack.Id]);
        JsonNode
            .DeepEquals(
                last,
                new JsonObject
                {
                    ["stack-id"] = stack.Id,
                    ["status-details"] = new JsonObject { ["status"] = "CREATE_COMPLETE", ["status-reason"] = "" },
                    ["client-request-token"] = "run-1",
                }
            )
            .ShouldBeTrue(last.ToJsonString());
        events
            .Published.Count(e => e.Detail["physical-resource-id"]?.GetValue<string>() == "arn:aws:sns:us-east-1:111111111111:t")
            .ShouldBe(2);
    }

    private sealed class Heard : IEventSource
    {
        public List<(string Type, IReadOnlyList<string> Resources, JsonObject Detail)> Published { get; } = [];

        public void Publish(
            string account,
            string region,
            string source,
            string detailType,
            IReadOnlyList<string> resources,
            JsonObject detail
        )
        {
            source.ShouldBe("aws.cloudformation");
            Published.Add((detailType, resources, detail));
        }
    }
}
