using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>An ECS service whose task definition is a file of the repository.</summary>
public sealed class EcsDefinitionTests : IDisposable
{
    private const string Step = """
          web:
            service: inventory-${target}-web
            cluster: inventory-${target}
            definition: ecs/web.json
            container: web
            image: 111111111111.dkr.ecr.us-east-1.amazonaws.com/inventory:${revision}
            environment: { LEVEL: debug }
        """;

    private const string Definition = """
        {
          "networkMode": "awsvpc",
          "requiresCompatibilities": ["FARGATE"],
          "cpu": "1024",
          "memory": "2048",
          "tags": [{ "key": "owner", "value": "orders" }],
          "containerDefinitions": [
            {
              "name": "web",
              "essential": true,
              "portMappings": [{ "containerPort": 8080 }],
              "environment": [{ "name": "LEVEL", "value": "info" }, { "name": "MODE", "value": "fast" }],
              "stopTimeout": 60,
              "logConfiguration": {
                "logDriver": "awslogs",
                "options": { "awslogs-group": "/inventory/${target}/web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "web" }
              }
            },
            { "name": "proxy", "image": "public.ecr.aws/nginx/nginx:1.27", "essential": false }
          ]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_file_says_is_registered_with_the_image_in_it_and_the_tags_that_there_were()
    {
        var service = await Write(Definition);

        var deployed = await ContainerService.Rehearse(service, State);
        var again = await ContainerService.Rehearse(service, State);

        deployed.ExitCode.ShouldBe(0, deployed.Terminal);
        deployed.Report.Steps.Select(step => (step.Name, step.Action)).ShouldBe([("web", StepAction.Released)]);
        var (definition, tags) = await Described(service);
        (definition.Family, definition.Revision, definition.Cpu, definition.Memory).ShouldBe(("inventory-dev-web", 2, "1024", "2048"));
        definition.TaskRoleArn.ShouldEndWith("role/inventory-dev-web-task", Case.Sensitive, "the file names no role");
        definition.ExecutionRoleArn.ShouldEndWith("role/inventory-dev-web-execution");
        definition.ContainerDefinitions.Select(container => container.Name).ShouldBe(["web", "proxy"]);
        var web = definition.ContainerDefinitions[0];
        web.Image.ShouldMatch($"^{ContainerService.Repository}@sha256:[0-9a-f]{{64}}$");
        web.Environment.Select(variable => $"{variable.Name}={variable.Value}").ShouldBe(["MODE=fast", "LEVEL=debug"]);
        web.LogConfiguration.Options["awslogs-group"].ShouldBe("/inventory/dev/web", "the target's name stands for itself");
        (web.StopTimeout, web.HealthCheck).ShouldBe((60, null), "what the running revision had is not kept beside the file");
        definition.ContainerDefinitions[1].Image.ShouldBe("public.ecr.aws/nginx/nginx:1.27");
        tags.Select(tag => tag.Key).ShouldBe(["owner", "team", "deployer:made-of"], ignoreOrder: true);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
        (again.Count("RegisterTaskDefinition"), again.Count("UpdateService")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_family_that_has_no_revision_yet_gets_its_first_one()
    {
        var service = await Write(
            Definition.Replace(
                "\"networkMode\": \"awsvpc\",",
                "\"family\": \"inventory-${target}-fresh\", \"networkMode\": \"awsvpc\",",
                StringComparison.Ordinal
            )
        );

        var deployed = await ContainerService.Rehearse(service, State);
        var again = await ContainerService.Rehearse(service, State);

        deployed.ExitCode.ShouldBe(0, deployed.Terminal);
        var (definition, _) = await Described(service);
        (definition.Family, definition.Revision).ShouldBe(("inventory-dev-fresh", 1));
        deployed.Count("RegisterTaskDefinition").ShouldBe(1);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
        again.ShouldChangeNothing();
    }

    [Fact]
    public async Task A_family_that_the_deployer_may_not_register_is_refused_with_the_parameter_and_no_name_is_cut_out()
    {
        var service = await Write(
            Definition
                .Replace("\"networkMode\": \"awsvpc\",", "\"family\": \"other\", \"networkMode\": \"awsvpc\",", StringComparison.Ordinal)
                .Replace(
                    "\"MODE\", \"value\": \"fast\"",
                    "\"URI\", \"value\": \"datomic:ddb://us-east-1/inventory-dev/kept-base-1f\" }, "
                        + "{ \"name\": \"WORD\", \"value\": \"authorized\"",
                    StringComparison.Ordinal
                )
        );

        var refused = await ContainerService.Rehearse(service, State);

        refused.Report.Error.ShouldBe("AwsRefusedException", refused.Terminal);
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldContain("ecs:RegisterTaskDefinition on resource: arn:aws:ecs:us-east-1:111111111111:task-definition/other:");
        refused.Report.Cause.ShouldContain("the parameter EcsService names the ECS services, and the families of their task definitions");
        refused.Report.Cause.ShouldNotContain("****");
        refused.Report.Cause.ShouldNotContain("kept-base");
    }

    [Fact]
    public async Task An_order_of_containers_that_cannot_be_and_a_stop_that_Fargate_has_not_are_refused()
    {
        var service = await Write(
            Definition
                .Replace(
                    "\"stopTimeout\": 60",
                    "\"stopTimeout\": 121, \"dependsOn\": [{ \"containerName\": \"proxy\", \"condition\": \"START\" }]",
                    StringComparison.Ordinal
                )
                .Replace(
                    "\"essential\": false",
                    "\"essential\": false, \"dependsOn\": [{ \"containerName\": \"web\", \"condition\": \"START\" }]",
                    StringComparison.Ordinal
                )
        );

        var refused = await ContainerService.Rehearse(service, State);

        refused.ExitCode.ShouldBe(2, refused.Terminal);
        Words(refused.Terminal).ShouldContain("ecs/web.json:13:22: Fargate has no stopTimeout of 121 seconds; expected 0 to 120 seconds");
        Words(refused.Terminal).ShouldContain("ecs/web.json:13:40: the containers web, proxy wait for each other");
    }

    [Fact]
    public async Task Another_size_in_the_file_is_another_revision_and_the_plan_says_so()
    {
        var service = await Write(Definition);
        (await ContainerService.Rehearse(service, State)).ExitCode.ShouldBe(0);
        await SmallService.Change(service, "ecs/web.json", "\"memory\": \"2048\"", "\"memory\": \"4 GB\"");

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", State);
        var deployed = await ContainerService.Rehearse(service, State);

        plan.Json.ShouldContain("inventory-dev-web would be registered of ecs/web.json");
        plan.Json.ShouldContain("task memory would be 4096 instead of 2048");
        plan.Json.ShouldNotContain("would be given", Case.Sensitive, "nothing else differs");
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        (await Described(service)).Definition.Memory.ShouldBe("4096");
    }

    [Fact]
    public async Task What_ECS_would_refuse_is_refused_with_its_place_before_anything_is_made()
    {
        var service = await Write(
            Definition
                .Replace("\"memory\": \"2048\"", "\"memory\": \"1024\"", StringComparison.Ordinal)
                .Replace("\"stopTimeout\": 60", "\"stopTimout\": 60", StringComparison.Ordinal)
                .Replace("\"MODE\", \"value\": \"fast\"", "\"API_TOKEN\", \"value\": \"hunter2\"", StringComparison.Ordinal)
                .Replace("\"networkMode\": \"awsvpc\",", "\"networkMode\": \"awsvpc\", \"revision\": 7,", StringComparison.Ordinal)
        );

        var refused = await ContainerService.Rehearse(service, State);

        refused.ExitCode.ShouldBe(2);
        Words(refused.Terminal).ShouldContain("ecs/web.json:2:28: revision is made by ECS itself and cannot be registered");
        Words(refused.Terminal).ShouldContain("ecs/web.json:5:13: Fargate has no tasks with a cpu of 1024 and a memory of 1024 MiB");
        Words(refused.Terminal).ShouldContain("ecs/web.json:13:7: ECS knows no member \"stopTimout\" here");
        Words(refused.Terminal).ShouldContain("the environment variable API_TOKEN is a secret");
        refused.Terminal.ShouldNotContain("hunter2");
    }

    /// <summary>What a person reads, whatever the width of the terminal.</summary>
    private static string Words(string terminal) => string.Join(' ', terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<string> Write(string definition)
    {
        var service = await ContainerService.Write(_folder.Path, Step);
        Directory.CreateDirectory(Path.Combine(service, "ecs"));
        await File.WriteAllTextAsync(Path.Combine(service, "ecs", "web.json"), definition);
        return service;
    }

    private async Task<(TaskDefinition Definition, List<Tag> Tags)> Described(string service)
    {
        var running = (await ContainerService.Find(service, State)).TaskDefinition;
        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        var described = await accounts
            .Target.Target("us-east-1")
            .Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = running, Include = ["TAGS"] });
        return (described.TaskDefinition, described.Tags);
    }
}
