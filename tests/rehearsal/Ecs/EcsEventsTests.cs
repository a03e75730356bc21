using System.Text.Json.Nodes;
using Amazon.ECS.Model;
using Deployer.Tests.Npm;
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
        cluster.ServiceEvents.ForEach(detail => Fits(detail, Schemas[Type(detail)]!, "event"));
        cluster.ServiceEvents.Select(Type).ShouldContain("ECS Deployment State Change");
    }

    [Theory]
    [InlineData("tasks-do-not-start")]
    [InlineData("deployment-alarm")]
    public async Task A_deployment_that_fails_and_goes_back_is_reported_by_the_documented_events(string fault)
    {
        await using var cluster = await ContainerCluster.Start(fault);
        await cluster.Create(
            configuration: new DeploymentConfiguration
            {
                DeploymentCircuitBreaker = new DeploymentCircuitBreaker { Enable = true, Rollback = true },
                Alarms = new DeploymentAlarms
                {
                    AlarmNames = ["errors"],
                    Enable = true,
                    Rollback = true,
                },
            }
        );
        var before = cluster.ServiceEvents.Count;
        await cluster.Update("transactor:2");
        await cluster.Steady();

        var events = cluster.ServiceEvents.Skip(before).ToList();
        events.ForEach(detail => Fits(detail, Schemas[Type(detail)]!, "event"));
        var deployments = events.Where(detail => Type(detail) == "ECS Deployment State Change").ToList();
        deployments
            .Select(detail => $"{detail["eventType"]} {detail["eventName"]}")
            .ShouldBe([
                "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
                "ERROR SERVICE_DEPLOYMENT_FAILED",
                "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
                "INFO SERVICE_DEPLOYMENT_COMPLETED",
            ]);
        var (failed, back) = (deployments[0]["deploymentId"]!.GetValue<string>(), deployments[2]["deploymentId"]!.GetValue<string>());
        deployments.ConvertAll(detail => detail["deploymentId"]!.GetValue<string>()).ShouldBe([failed, failed, back, back]);
        failed.ShouldMatch("^ecs-svc/[0-9]+$");
        var reasons = deployments.ConvertAll(detail => detail["reason"]!.GetValue<string>());
        reasons[0].ShouldBe($"ECS deployment {failed} in progress.");
        reasons[2].ShouldEndWith($": rolling back to deploymentId {back}.");
        reasons[3].ShouldBe($"ECS deployment {back} completed.");
    }

    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html and ecs_service_deployment_events.html: which
    // events there are, and of which type each is.
    [Theory]
    [InlineData()]
    [InlineData("tasks-do-not-start")]
    [InlineData("tasks-are-not-placed")]
    public async Task Events_of_a_service_have_the_documented_names_each_with_its_type(params string[] faults)
    {
        string[] documented =
        [
            "INFO SERVICE_STEADY_STATE",
            "WARN SERVICE_TASK_START_IMPAIRED",
            "ERROR SERVICE_TASK_PLACEMENT_FAILURE",
            "INFO SERVICE_DEPLOYMENT_IN_PROGRESS",
            "INFO SERVICE_DEPLOYMENT_COMPLETED",
            "ERROR SERVICE_DEPLOYMENT_FAILED",
        ];
        await using var cluster = await ContainerCluster.Start(faults);
        await cluster.Create();
        await cluster.Update("transactor:2");
        var end = cluster.World.Now + TimeSpan.FromMinutes(30);
        await cluster.World.RunUntil(() =>
            cluster.Record().Steady || cluster.World.Now >= end || cluster.Record().Primary.FailedTasks == 3
        );

        cluster.ServiceEvents.ConvertAll(detail => $"{detail["eventType"]} {detail["eventName"]}").Except(documented).ShouldBeEmpty();
        cluster.ServiceEvents.Select(detail => $"{detail["eventName"]}").ShouldContain("SERVICE_DEPLOYMENT_COMPLETED");
    }

    [Fact]
    public void The_schemas_are_those_of_the_pinned_package()
    {
        var generator = new NodeGenerator(Repository.At("rehearsal/CloudFormation/Schemas/generate"));

        var (exit, generated) = generator.Run("ecs-events.mjs");

        exit.ShouldBe(0, generated);
        var written = JsonNode.Parse(generated)!.AsObject();
        written.Select(schema => schema.Key).ShouldBe(["ECS Service Action", "ECS Task State Change"], ignoreOrder: true);
        foreach (var (type, schema) in written)
        {
            JsonNode.DeepEquals(schema, Schemas[type]).ShouldBeTrue($"{type} is in the package {schema}");
        }
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

    private static string Type(JsonObject detail) =>
        detail["eventName"]!.GetValue<string>().StartsWith("SERVICE_DEPLOYMENT_", StringComparison.Ordinal)
            ? "ECS Deployment State Change"
            : "ECS Service Action";

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
