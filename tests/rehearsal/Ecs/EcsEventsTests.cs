using System.Text.Json.Nodes;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>The events of ECS beside the schemas of <c>@aws-cdk/aws-service-spec</c> (<c>event-schemas.json</c>).</summary>
public sealed class EcsEventsTests
{
    private static readonly JsonObject Schemas = Read();

    [Theory]
    [InlineData()]
    [InlineData("tasks-run-out-of-memory")]
    [InlineData("image-cannot-be-pulled")]
    [InlineData("tasks-are-not-placed")]
    public async Task Events_have_the_members_of_their_schema_and_all_that_are_required(params string[] faults)
    {
        await using var cluster = await ContainerCluster.Start(faults);
        await cluster.Create();
        await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() => cluster.Record().Steady || cluster.Record().Primary.FailedTasks == 3);

        cluster.TaskEvents.ShouldNotBeEmpty();
        cluster.TaskEvents.ForEach(detail => Fits(detail, Schemas["ECS Task State Change"]!, "task"));
        cluster
            .ServiceEvents.Where(detail =>
                !detail["eventName"]!.GetValue<string>().StartsWith("SERVICE_DEPLOYMENT", StringComparison.Ordinal)
            )
            .ToList()
            .ForEach(detail => Fits(detail, Schemas["ECS Service Action"]!, "action"));
    }

    [Fact]
    public async Task A_task_is_reported_when_it_is_made_runs_stops_and_has_stopped()
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Create(1);
        var first = cluster.Tasks().ShouldHaveSingleItem();
        await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() => cluster.Tasks().Any(task => task.Stopped != null));

        cluster
            .TaskEvents.Where(detail => detail["taskArn"]!.GetValue<string>().EndsWith(first.Id, StringComparison.Ordinal))
            .Select(detail => $"{detail["version"]} {detail["lastStatus"]} {detail["desiredStatus"]} {detail["stopCode"]}".TrimEnd())
            .ShouldBe(["1 PENDING RUNNING", "2 RUNNING RUNNING", "3 STOPPING STOPPED", "4 STOPPED STOPPED ServiceSchedulerInitiated"]);
    }

    private static void Fits(JsonNode? value, JsonNode schema, string where)
    {
        switch (schema)
        {
            case JsonObject members:
                var present = value.ShouldBeOfType<JsonObject>(where);
                foreach (var (name, _) in present)
                {
                    (members.ContainsKey(name) || members.ContainsKey(name + "!")).ShouldBeTrue($"{where}.{name} is not in the schema");
                }

                foreach (var (name, member) in members)
                {
                    var plain = name.TrimEnd('!');
                    present.ContainsKey(plain).ShouldBe(present.ContainsKey(plain) || name.EndsWith('!'), $"{where}.{plain} is required");
                    if (present.TryGetPropertyValue(plain, out var found))
                    {
                        Fits(found, member!, $"{where}.{plain}");
                    }
                }

                break;
            case JsonArray element:
                foreach (var each in value.ShouldBeOfType<JsonArray>(where))
                {
                    Fits(each, element[0]!, where);
                }

                break;
            default:
                value!.GetValueKind().ToString().ToLowerInvariant().ShouldBe(schema.GetValue<string>(), where);
                break;
        }
    }

    private static JsonObject Read()
    {
        using var stream = typeof(EcsEventsTests).Assembly.GetManifestResourceStream("event-schemas.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
