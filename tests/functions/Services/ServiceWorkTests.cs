using System.Net;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Amazon.ECR;
using Amazon.ECR.Model;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Accounts;
using Deployer.Functions.Tests.Deployments;
using Deployer.Spec.Tests;
using NSubstitute;
using KeyValuePair = Amazon.ECS.Model.KeyValuePair;
using LogDriver = Amazon.ECS.LogDriver;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Functions.Tests.Services;

/// <summary>One ECS service: what is registered of its running revision, and how its deployment is judged.</summary>
public sealed class ServiceWorkTests : IAsyncLifetime
{
    private const string Secret = "hunter2-of-somebody";
    private const string Repository = "111111111111.dkr.ecr.us-east-1.amazonaws.com/shop";
    private const string Old = Repository + "@sha256:0000000000000000000000000000000000000000000000000000000000000000";
    private const string New = Repository + "@sha256:1111111111111111111111111111111111111111111111111111111111111111";
    private static readonly DateTime Start = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly IAmazonECS _ecs = Substitute.For<IAmazonECS>();
    private readonly IAmazonECR _ecr = Substitute.For<IAmazonECR>();
    private readonly IAmazonCloudWatchLogs _logs = Substitute.For<IAmazonCloudWatchLogs>();
    private readonly List<RegisterTaskDefinitionRequest> _registered = [];
    private readonly List<UpdateServiceRequest> _updates = [];
    private readonly Dictionary<string, DescribeTaskDefinitionResponse> _definitions = [];
    private Desk _desk = null!;
    private DateTime _at = Start;
    private bool _dies;
    private Service _service = Running();
    private string? _output;
    private string _keys = "image: \"" + Repository + ":${revision}\"";

    private string _file = """
        {
          "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
          "executionRoleArn": "of-the-file", "tags": [{ "key": "owner", "value": "me" }],
          "containerDefinitions": [
            { "name": "app", "image": "replaced", "logConfiguration": { "logDriver": "awslogs", "options": {
              "awslogs-group": "/shop", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app" } } }
          ]
        }
        """;

    private TaskRecord _record = new()
    {
        Deployment = new("one"),
        Step = "web",
        Task = "deploy",
        Kind = "service",
    };

    private bool _isBusy;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _definitions["shop:1"] = Definition(1, Old);
        _ecr.DescribeImagesAsync(Arg.Any<DescribeImagesRequest>(), Arg.Any<CancellationToken>())
            .Returns(new DescribeImagesResponse { ImageDetails = [new ImageDetail { ImageDigest = New.Split('@')[1] }] });
        _ecs.DescribeServicesAsync(Arg.Any<DescribeServicesRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ => new DescribeServicesResponse { Services = [_service] });
        _ecs.DescribeTaskDefinitionAsync(Arg.Any<DescribeTaskDefinitionRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                var name = call.Arg<DescribeTaskDefinitionRequest>().TaskDefinition;
                return _definitions.GetValueOrDefault(name[(name.LastIndexOf('/') + 1)..])
                    ?? _definitions.Values.Last(definition => definition.TaskDefinition.Status == TaskDefinitionStatus.ACTIVE);
            });
        _ecs.RegisterTaskDefinitionAsync(Arg.Any<RegisterTaskDefinitionRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                if (_dies)
                {
                    throw new InvalidOperationException("the process ends");
                }

                var request = call.Arg<RegisterTaskDefinitionRequest>();
                _registered.Add(request);
                var number = _definitions.Count + 1;
                _definitions[$"shop:{number}"] = Definition(number, request.ContainerDefinitions[0].Image, request.Tags);
                return new RegisterTaskDefinitionResponse { TaskDefinition = _definitions[$"shop:{number}"].TaskDefinition };
            });
        _ecs.UpdateServiceAsync(Arg.Any<UpdateServiceRequest>(), Arg.Any<CancellationToken>())
            .Returns(call =>
            {
                if (_isBusy)
                {
                    throw new AmazonECSException("busy") { StatusCode = HttpStatusCode.ServiceUnavailable };
                }

                var request = call.Arg<UpdateServiceRequest>();
                _updates.Add(request);
                var definition = request.TaskDefinition ?? _service.TaskDefinition ?? "shop:1";
                _service = With(Deployment(2, "PRIMARY", "IN_PROGRESS", definition), Deployment(1, "ACTIVE", "COMPLETED"));
                return new UpdateServiceResponse { Service = _service };
            });
        _ecs.ListTasksAsync(Arg.Any<ListTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListTasksResponse { TaskArns = ["arn:task/c/t1"] });
        _ecs.DescribeTasksAsync(Arg.Any<DescribeTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(new DescribeTasksResponse { Tasks = [Stopped()] });
        _logs
            .GetLogEventsAsync(Arg.Any<GetLogEventsRequest>(), Arg.Any<CancellationToken>())
            .Returns(new GetLogEventsResponse { Events = [new OutputLogEvent { Message = $"cannot log in with {Secret}\n" }] });
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task What_can_be_registered_of_the_running_revision_is_with_its_tags_and_the_image_by_digest()
    {
        await Advance();

        var request = _registered.ShouldHaveSingleItem();
        (request.Family, request.Cpu, request.Memory, request.TaskRoleArn).ShouldBe(("shop", "512", "1024", "role"));
        request.Tags.ShouldContain(tag => tag.Key == "team" && tag.Value == "shop");
        request.Tags.ShouldNotContain(tag => tag.Key.StartsWith("aws:", StringComparison.Ordinal), "such tags cannot be set");
        var container = request.ContainerDefinitions.ShouldHaveSingleItem();
        container.Image.ShouldBe(New);
        container.Environment.ShouldHaveSingleItem().Value.ShouldBe(Secret);
        _updates.ShouldHaveSingleItem().TaskDefinition.ShouldEndWith("shop:2");
        await _ecr.Received()
            .DescribeImagesAsync(
                Arg.Is<DescribeImagesRequest>(asked => asked.ImageIds[0].ImageTag == "abc" && asked.RegistryId == "111111111111"),
                Arg.Any<CancellationToken>()
            );
    }

    [Fact]
    public async Task A_rollback_deploys_the_revision_that_ran_then_and_not_what_the_step_names_over_the_one_that_runs()
    {
        await Ran("shop:7", TaskDefinitionStatus.ACTIVE);

        await Advance("abc", rollbackTo: "abc");

        _registered.ShouldBeEmpty();
        _updates.ShouldHaveSingleItem().TaskDefinition.ShouldEndWith("shop:7");
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html</summary>
    [Fact]
    public async Task A_revision_that_was_deregistered_since_is_registered_once_more_and_once()
    {
        await Ran("shop:7", TaskDefinitionStatus.INACTIVE);

        await Advance("abc", rollbackTo: "abc");

        var container = _registered.ShouldHaveSingleItem().ContainerDefinitions[0];
        container.Environment.Select(variable => variable.Name).ShouldBe(["OF_THEN"]);
        _service = With(Deployment(3, "PRIMARY", "COMPLETED", _updates.ShouldHaveSingleItem().TaskDefinition));
        _record = new()
        {
            Deployment = new("two"),
            Step = "web",
            Task = "deploy",
            Kind = "service",
        };
        (await Advance("abc", rollbackTo: "abc")).ShouldBe(new Outcome.Succeeded(StepAction.None));
        _registered.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_revision_that_was_deleted_since_is_not_gone_back_to_by_halves()
    {
        await Ran("shop:7", TaskDefinitionStatus.ACTIVE);
        _ecs.DescribeTaskDefinitionAsync(
                Arg.Is<DescribeTaskDefinitionRequest>(asked => asked.TaskDefinition.EndsWith("shop:7")),
                Arg.Any<CancellationToken>()
            )
            .Returns<DescribeTaskDefinitionResponse>(_ => throw new ClientException("Unable to describe task definition."));

        var refused = await Should.ThrowAsync<ServiceRefusedException>(Advance("abc", rollbackTo: "abc"));

        refused.Message.ShouldBe(
            "shop:7, which ran at abc, is no longer there (Unable to describe task definition.): deploy the files of that commit instead"
        );
        _updates.ShouldBeEmpty();
    }

    /// <summary>A record of a version that did not write which revision ran.</summary>
    [Fact]
    public async Task Where_it_is_not_recorded_what_ran_then_the_step_of_then_is_laid_over_what_runs()
    {
        await Ran(null, TaskDefinitionStatus.ACTIVE);

        await Advance("abc", rollbackTo: "abc");

        _registered.ShouldHaveSingleItem().ContainerDefinitions[0].Environment.Select(variable => variable.Name).ShouldBe(["PASSPHRASE"]);
    }

    /// <summary>The service ran a revision at the commit <c>abc</c>.</summary>
    private async Task Ran(string? definition, TaskDefinitionStatus status)
    {
        if (definition is not null)
        {
            var then = Definition(7, New);
            then.TaskDefinition.Status = status;
            then.TaskDefinition.ContainerDefinitions[0].Environment = [new KeyValuePair { Name = "OF_THEN", Value = "1" }];
            _definitions[definition] = then;
        }

        await new Revisions(_desk, _desk.Settings, _desk.Ledger).Keep(
            "inventory",
            new PushedRevision
            {
                Target = "dev",
                Step = "web",
                Name = "abc",
                Key = "rev",
                Content = New,
                Source = "digest",
                Deployment = new("zero"),
                At = "2099-12-31T00:00:00Z",
                Zip = New,
                TaskDefinition = definition is null ? null : $"arn:aws:ecs:us-east-1:111111111111:task-definition/{definition}",
            }
        );
    }

    /// <summary>A plan of it holds as long as the service runs the same revision, whatever the comparison says of it.</summary>
    [Fact]
    public async Task What_a_plan_looks_at_is_the_task_definition_that_the_service_runs()
    {
        var kind = new ServiceStepKind(Work());
        _service.TaskDefinition = "arn:aws:ecs:us-east-1:111111111111:task-definition/shop:1";
        (await kind.ReadLiveFacts(Run("abc"))).ShouldBe([new LiveFact("service shop", $"runs {_service.TaskDefinition}")]);

        _service.TaskDefinition = "arn:aws:ecs:us-east-1:111111111111:task-definition/shop:9";

        (await kind.ReadLiveFacts(Run("abc"))).ShouldHaveSingleItem().State.ShouldEndWith("shop:9");
    }

    [Fact]
    public async Task Named_fields_are_changed_and_others_stay()
    {
        _keys =
            "cpu: 256, memory: 700, task: { cpu: 1024, memory: 2048 }, environment: { LEVEL: info }, "
            + "secrets: { PASSPHRASE: /shop/passphrase }";
        await Advance();

        var request = _registered.ShouldHaveSingleItem();
        (request.Cpu, request.Memory).ShouldBe(("1024", "2048"));
        var container = request.ContainerDefinitions.ShouldHaveSingleItem();
        (container.Image, container.Cpu, container.Memory).ShouldBe((Old, 256, 700));
        container.Environment.Select(variable => $"{variable.Name}={variable.Value}").ShouldBe(["LEVEL=info"], "it is a secret now");
        container.Secrets.Select(secret => $"{secret.Name}={secret.ValueFrom}").ShouldBe(["PASSPHRASE=/shop/passphrase"]);
    }

    /// <summary>The function dies before it hears of the revision, and ECS describes the family as it was for a while.</summary>
    [Fact]
    public async Task A_revision_that_may_not_be_visible_yet_is_not_registered_again()
    {
        _dies = true;
        await Should.ThrowAsync<InvalidOperationException>(Advance());
        _dies = false;

        // Each answer is another object: what is wanted is made in the one that was read.
        _definitions["shop:1"] = Definition(1, Old);
        _at = Start + TimeSpan.FromSeconds(5);
        (await Should.ThrowAsync<NotYetException>(Advance())).Message.ShouldContain("a revision of shop that was about to be registered");
        _registered.ShouldBeEmpty();

        _definitions["shop:1"] = Definition(1, Old);
        _at = Start + TimeSpan.FromMinutes(1);
        await Advance();
        _registered.Count.ShouldBe(1);
        _updates.ShouldHaveSingleItem().TaskDefinition.ShouldEndWith("shop:2");
    }

    [Fact]
    public async Task What_runs_already_is_not_registered_and_not_deployed()
    {
        _definitions["shop:1"] = Definition(1, New);

        (await Advance()).ShouldBe(new Outcome.Succeeded(StepAction.None));

        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_revision_and_a_deployment_that_were_not_recorded_are_found_again()
    {
        var begun = _record;
        await Advance();
        _record = begun;
        await Advance();

        (_registered.Count, _updates.Count).ShouldBe((1, 1));
    }

    [Fact]
    public async Task The_same_revision_is_deployed_again_by_force_after_it_failed()
    {
        _definitions["shop:1"] = Definition(1, New);
        _service = With(Deployment(1, "PRIMARY", "FAILED"));

        (await Advance()).ShouldBeOfType<Outcome.Running>();

        _registered.ShouldBeEmpty();
        var update = _updates.ShouldHaveSingleItem();
        (update.ForceNewDeployment, update.TaskDefinition).ShouldBe((true, null), "one that was deregistered may not be named");
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html</summary>
    [Fact]
    public async Task What_an_entry_before_has_registered_and_somebody_deregistered_is_registered_once_more()
    {
        _isBusy = true;
        await Should.ThrowAsync<AmazonECSException>(Advance());
        var first = _registered.ShouldHaveSingleItem();
        _definitions["shop:2"].TaskDefinition.Status = TaskDefinitionStatus.INACTIVE;

        // Each answer of ECS is another object.
        _definitions["shop:1"] = Definition(1, Old);
        await Should.ThrowAsync<AmazonECSException>(Advance());

        _registered.Count.ShouldBe(2);
        _registered[1].Tags.Select(tag => tag.Value).ShouldBe(first.Tags.Select(tag => tag.Value));
    }

    [Fact]
    public async Task Only_this_deployment_is_judged()
    {
        await Advance();
        _service = With(Deployment(2, "PRIMARY", "COMPLETED", "shop:2"));

        (await Advance()).ShouldBe(new Outcome.Succeeded(StepAction.Released));
        (await _desk.Ledger.Query(PushedRevision.All("inventory"))).ShouldHaveSingleItem().Name.ShouldBe("abc", "a way back");
    }

    [Fact]
    public async Task A_service_that_is_not_seen_changed_yet_has_not_ended()
    {
        await Advance();
        _service = Running();

        (await Advance()).ShouldBeOfType<Outcome.Running>().What.ShouldBe("deployment ecs-svc/2 of service shop is not visible yet");
    }

    [Fact]
    public async Task A_rollback_is_waited_for_and_is_a_failure_with_what_runs_now()
    {
        await Advance();
        _service = With(
            Deployment(1, "PRIMARY", "IN_PROGRESS", updated: 5),
            Deployment(2, "ACTIVE", "FAILED", "shop:2", reason: "ECS deployment circuit breaker: tasks failed to start.")
        );
        var going = (await Advance()).ShouldBeOfType<Outcome.Running>();
        (going.IsLost, going.WaitsFor).ShouldBe((true, "ecs-svc/1"));
        _service = With(Deployment(1, "PRIMARY", "COMPLETED", updated: 6));
        _service.Events =
        [
            new ServiceEvent { Message = "(service shop) (deployment ecs-svc/2) deployment failed: tasks failed to start." },
        ];

        var failed = (await Advance()).ShouldBeOfType<Outcome.Failed>().Cause.ShouldBeOfType<ServiceRolledBackException>();

        failed
            .Message.Split('\n')
            .ShouldBe([
                "deployment ecs-svc/2 of service shop failed: tasks failed to start; ECS went back to shop:1; service shop runs shop:1 "
                    + "with 2 of 2 tasks",
                "1 task of shop stopped: Essential container in task exited, container app exited with 137: OutOfMemoryError "
                    + "(the last one: t1)",
                "log /shop, task t1 of shop: cannot log in with ****",
            ]);
    }

    [Fact]
    public async Task A_deployment_of_somebody_else_in_its_place_is_a_failure()
    {
        await Advance();
        _service = With(Deployment(3, "PRIMARY", "COMPLETED", "shop:9", updated: 9));

        var failed = (await Advance()).ShouldBeOfType<Outcome.Failed>().Cause.ShouldBeOfType<ServiceDeploymentFailedException>();

        failed.Message.ShouldStartWith(
            "deployment ecs-svc/2 of service shop was replaced; another deployment took its place, ecs-svc/3; service shop runs shop:9"
        );
    }

    [Fact]
    public async Task A_deployment_that_failed_and_stays_says_that_the_revision_before_serves_on()
    {
        await Advance();
        _service = With(Deployment(2, "PRIMARY", "FAILED", "shop:2", reason: "no."), Deployment(1, "ACTIVE", "COMPLETED"));

        var failed = (await Advance()).ShouldBeOfType<Outcome.Failed>().Cause.ShouldBeOfType<ServiceDeploymentFailedException>();

        failed.Message.ShouldStartWith("deployment ecs-svc/2 of service shop failed: no; ");
        failed.Message.ShouldContain("tasks of the revision before serve on");
    }

    [Fact]
    public async Task While_it_goes_on_the_reasons_of_tasks_that_stopped_are_said()
    {
        await Advance();
        var own = Deployment(2, "PRIMARY", "IN_PROGRESS", "shop:2");
        own.FailedTasks = 1;
        _service = With(own);

        (await Advance()).ShouldBeOfType<Outcome.Running>().Reasons.ShouldHaveSingleItem().ShouldContain("container app exited with 137");
    }

    [Fact]
    public async Task A_service_without_tasks_is_deployed_with_a_notice()
    {
        await Advance();
        _service = With(Deployment(2, "PRIMARY", "COMPLETED", "shop:2"));
        _service.DesiredCount = 0;

        await Advance();

        _record.Notices.ShouldBe(["service shop has a desired count of 0: no task runs the revision, so nothing shows that it starts"]);
    }

    [Theory]
    [InlineData("CODE_DEPLOY", "by CodeDeploy, and ECS refuses another task definition")]
    [InlineData("EXTERNAL", "by the program that made them")]
    public async Task Other_controllers_are_refused_with_the_reason(string controller, string reason)
    {
        _service.DeploymentController = new DeploymentController { Type = controller };

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain(reason);
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("BLUE_GREEN")]
    [InlineData("LINEAR")]
    [InlineData("CANARY")]
    public async Task Other_strategies_than_rolling_are_refused_with_the_reason(string strategy)
    {
        _service.DeploymentConfiguration = new DeploymentConfiguration { Strategy = strategy };

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldStartWith(
            $"the service shop has the deployment strategy {strategy}, "
        );
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
        _service.DeploymentConfiguration.Strategy = DeploymentStrategy.ROLLING;
        (await Advance()).ShouldBeOfType<Outcome.Running>();
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html</summary>
    [Theory]
    [InlineData("(service shop) was unable to place a task because no container instance met all of its requirements.")]
    [InlineData(
        "(service shop) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the "
            + "minimumHealthyPercent or maximumPercent value and try again."
    )]
    [InlineData("(service shop) operations are being throttled. Will try again later.")]
    [InlineData("(service shop) was unable to reach steady state. Reason: No Container Instances were found in your capacity provider.")]
    [InlineData("(service shop) failed to launch a task with (error ECS was unable to assume the role 'arn:…').")]
    public async Task What_keeps_tasks_from_being_made_is_in_the_reasons_and_the_cause(string message)
    {
        await Advance();
        _service = With(Deployment(2, "PRIMARY", "IN_PROGRESS", "shop:2"));
        _service.Events = [new ServiceEvent { Message = message, CreatedAt = Start.AddMinutes(3) }];

        (await Advance()).ShouldBeOfType<Outcome.Running>().Reasons.ShouldContain(message);
        _service.Deployments[0].RolloutState = "FAILED";
        (await Advance()).ShouldBeOfType<Outcome.Failed>().Cause.Message.Split('\n').ShouldContain(message);
    }

    [Fact]
    public async Task A_file_that_is_not_for_Fargate_is_refused_for_a_service_on_it_before_anything_is_registered()
    {
        _keys += ", definition: other.json";
        _service.LaunchType = LaunchType.FARGATE;
        const string Refused =
            "requiresCompatibilities of other.json has no FARGATE, and the service shop runs on it: ECS takes no such task definition for "
            + "it";

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldBe(Refused);
        _service.LaunchType = null;
        _service.CapacityProviderStrategy = [new CapacityProviderStrategyItem { CapacityProvider = "FARGATE_SPOT" }];
        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldBe(Refused);
        (_registered.Count, _updates.Count).ShouldBe((0, 0));

        _service.CapacityProviderStrategy = [new CapacityProviderStrategyItem { CapacityProvider = "my-instances" }];
        (await Advance()).ShouldBeOfType<Outcome.Running>();
    }

    [Theory]
    [InlineData("balancer", "web", 80, "other.json has no container web, to which the load balancer of the service shop leads")]
    [InlineData("balancer", "app", 80, "the container app of other.json has no port 80, to which the load balancer of the service shop")]
    [InlineData("balancer", "app", 8080, null)]
    [InlineData("balancer", "app", 9005, null)]
    [InlineData("registry", "app", 80, "the container app of other.json has no port 80, to which the service registry of the service shop")]
    [InlineData("connect", "http", 0, "other.json has no port with the name http, by which Service Connect of the service shop finds it")]
    [InlineData("connect", "web", 0, null)]
    [InlineData("lattice", "http", 0, "other.json has no port with the name http, by which VPC Lattice of the service shop finds it")]
    public async Task What_leads_to_a_container_that_the_file_lacks_is_named_before_anything_is_registered(
        string by,
        string name,
        int port,
        string? refusal
    )
    {
        _keys += ", definition: other.json";
        var primary = _service.Deployments[0];
        switch (by)
        {
            case "balancer":
                _service.LoadBalancers = [new LoadBalancer { ContainerName = name, ContainerPort = port }];
                break;
            case "registry":
                _service.ServiceRegistries = [new ServiceRegistry { ContainerName = name, ContainerPort = port }];
                break;
            case "connect":
                primary.ServiceConnectConfiguration = new ServiceConnectConfiguration
                {
                    Enabled = true,
                    Services = [new ServiceConnectService { PortName = name }],
                };
                break;
            default:
                primary.VpcLatticeConfigurations = [new VpcLatticeConfiguration { PortName = name }];
                break;
        }

        if (refusal is null)
        {
            (await Advance()).ShouldBeOfType<Outcome.Running>();
            return;
        }

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldStartWith(refusal);
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_platform_that_has_no_such_task_is_refused_before_anything_is_registered()
    {
        _keys = "task: { cpu: 8192, memory: 16384 }";
        _service.LaunchType = LaunchType.FARGATE;
        _service.PlatformVersion = "1.3.0";

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldBe(
            "the service shop keeps to the platform version 1.3.0 of Fargate, and a cpu of 8192 needs 1.4.0: give it the platform "
                + "version LATEST"
        );
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
        _service.PlatformVersion = "LATEST";
        (await Advance()).ShouldBeOfType<Outcome.Running>();
    }

    [Fact]
    public async Task An_image_of_the_file_that_a_tag_names_is_a_notice_of_the_plan()
    {
        _keys += ", definition: other.json, container: app";

        var changes = (
            await new ServiceStepKind(Work()).Compare(Run("abc"), new ComparisonProgress([], 10))
        ).ShouldBeOfType<Comparison.Changes>();

        changes.Notices.ShouldBe(["container proxy runs nginx:1 as other.json says: another image under this tag is not seen as a change"]);
    }

    [Fact]
    public async Task A_secret_of_a_command_that_ECS_quotes_is_not_shown()
    {
        await Advance();
        var container = _definitions["shop:2"].TaskDefinition.ContainerDefinitions[0];
        container.Command = ["serve", "--token=hunter2-of-all", "--password", "another-one"];
        container.LogConfiguration.Options["splunk-token"] = "the-token-of-splunk";
        container.DockerLabels = new() { ["api_key"] = "a-key-of-a-label" };
        _ecs.DescribeTasksAsync(Arg.Any<DescribeTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(_ =>
            {
                var task = Stopped();
                task.StoppedReason = "exec: --token=hunter2-of-all another-one: the-token-of-splunk a-key-of-a-label";
                return new DescribeTasksResponse { Tasks = [task] };
            });
        _service = With(Deployment(2, "PRIMARY", "FAILED", "shop:2"), Deployment(1, "ACTIVE", "COMPLETED"));
        var run = Run("abc");

        var failed = (await Work().Advance(run)).ShouldBeOfType<Outcome.Failed>();

        run.Secrets.Hide(failed.Cause.Message).ShouldContain("exec: --token=**** ****: **** ****");
    }

    [Fact]
    public async Task A_container_whose_log_goes_elsewhere_is_named_where_its_last_lines_would_be()
    {
        await Advance();
        _definitions["shop:2"].TaskDefinition.ContainerDefinitions[0].LogConfiguration = new LogConfiguration
        {
            LogDriver = LogDriver.Awsfirelens,
        };
        _service = With(Deployment(2, "PRIMARY", "FAILED", "shop:2"), Deployment(1, "ACTIVE", "COMPLETED"));

        (await Advance())
            .ShouldBeOfType<Outcome.Failed>()
            .Cause.Message.Split('\n')[^1]
            .ShouldBe("container app of shop logs by awsfirelens, not to CloudWatch, so that its last lines are not here");
    }

    [Fact]
    public async Task A_service_that_is_missing_or_deleted_is_refused()
    {
        _service.Status = "INACTIVE";
        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain("the cluster c has no service shop");
        _service.Status = "DRAINING";
        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain("it is being deleted");
    }

    [Fact]
    public async Task A_container_has_to_be_named_where_there_are_several()
    {
        _definitions["shop:1"].TaskDefinition.ContainerDefinitions.Add(new ContainerDefinition { Name = "proxy", Image = "p" });

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain("shop:1 has the containers app, proxy");
        _keys += ", container: web";
        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain("shop:1 has no container 'web'");
        _keys = _keys.Replace("web", "proxy", StringComparison.Ordinal);
        await Advance();
        _registered.ShouldHaveSingleItem().ContainerDefinitions.Select(container => container.Image).ShouldBe([Old, New]);
    }

    [Theory]
    [InlineData("image: \"" + Repository + ":${revision}\"", "there is no image " + Repository + ":abc: the repository shop has no tag")]
    [InlineData("image: \"${steps.registry.outputs.Shop}\"", "only repositories of ECR are asked", "nginx:1")]
    [InlineData(
        "image: \"${steps.registry.outputs.Shop}\"",
        "in another region than the target's us-east-1",
        "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop:1"
    )]
    public async Task An_image_that_cannot_be_found_changes_nothing(string image, string reason, string? output = null)
    {
        _output = output;
        _keys = image;
        _ecr.DescribeImagesAsync(Arg.Any<DescribeImagesRequest>(), Arg.Any<CancellationToken>())
            .Returns<DescribeImagesResponse>(_ => throw new ImageNotFoundException("no"));

        (await Should.ThrowAsync<ImageMissingException>(Advance)).Message.ShouldContain(reason);
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_container_larger_than_the_running_task_is_refused_before_anything_is_registered()
    {
        _keys = "memory: 2000";

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldContain(
            "the container app would have 2000 MiB of memory, and the task of shop has 1024"
        );
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_revision_of_a_source_that_is_no_commit_has_no_value() =>
        (await Should.ThrowAsync<SpecInvalidException>(() => Advance(revision: null))).Message.ShouldContain(
            "${revision} is the commit that is deployed, and none is named; expected --revision COMMIT"
        );

    [Fact]
    public async Task The_plan_names_what_would_change_and_no_value()
    {
        _keys += ", environment: { GREETING: another-secret }";
        var kind = new ServiceStepKind(Work());
        var run = Run("abc");

        var changes = (await kind.Compare(run, new ComparisonProgress([], 10))).ShouldBeOfType<Comparison.Changes>();

        changes.Differences.ShouldBe([$"container app would run {New} instead of {Old}", "container app would be given GREETING"]);
    }

    [Fact]
    public async Task A_definition_of_the_repository_is_registered_once_with_what_the_step_changes()
    {
        _keys += ", definition: task.json";
        await Advance();

        var request = _registered.ShouldHaveSingleItem();
        (request.Family, request.Cpu, request.NetworkMode, request.RequiresCompatibilities[0]).ShouldBe(
            ("shop", "256", NetworkMode.Awsvpc, "FARGATE")
        );
        var container = request.ContainerDefinitions.ShouldHaveSingleItem();
        (container.Name, container.Image, container.LogConfiguration.LogDriver).ShouldBe(("app", New, LogDriver.Awslogs));
        request.Tags.Select(tag => tag.Key).ShouldBe(["owner", "team", "deployer:made-of"], "those of the file and those that it had");
        (request.TaskRoleArn, request.ExecutionRoleArn).ShouldBe(("role", "of-the-file"));
        _service = With(Deployment(2, "PRIMARY", "COMPLETED", "shop:2"));
        var again = await new ServiceStepKind(Work()).Compare(Run("abc"), new ComparisonProgress([], 10));
        again.ShouldBeOfType<Comparison.NoChanges>();
    }

    [Fact]
    public async Task The_same_definition_written_otherwise_is_no_change()
    {
        _keys += ", definition: task.json";
        await Advance();
        _service = With(Deployment(2, "PRIMARY", "COMPLETED", "shop:2"));

        _file = """
            {"containerDefinitions":[{"image":"replaced","name":"app",
              "logConfiguration":{"options":{"awslogs-stream-prefix":"app","awslogs-region":"us-east-1","awslogs-group":"/shop"},
              "logDriver":"awslogs"}}],"tags":[{"value":"me","key":"owner"}],"executionRoleArn":"of-the-file",
              "requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc","memory":"512","cpu":"256"}
            """;
        var again = await new ServiceStepKind(Work()).Compare(Run("abc"), new ComparisonProgress([], 10));
        _file = _file.Replace("/shop", "/shops", StringComparison.Ordinal);
        var changed = await new ServiceStepKind(Work()).Compare(Run("abc"), new ComparisonProgress([], 10));

        again.ShouldBeOfType<Comparison.NoChanges>();
        changed.ShouldBeOfType<Comparison.Changes>();
    }

    [Fact]
    public async Task A_revision_that_an_earlier_version_registered_of_the_file_as_it_was_written_is_no_change()
    {
        _keys += ", definition: task.json";
        _definitions["shop:2"] = Definition(
            2,
            New,
            [
                new Amazon.ECS.Model.Tag { Key = "owner", Value = "me" },
                new Amazon.ECS.Model.Tag
                {
                    Key = "deployer:made-of",
                    Value = "21cf328ac603f46e4f5b69b0301cfacf4aaa0e22073a2846e6d55206a0bd6eb1",
                },
            ]
        );
        _service = With(Deployment(2, "PRIMARY", "COMPLETED", "shop:2"));

        var found = await new ServiceStepKind(Work()).Compare(Run("abc"), new ComparisonProgress([], 10));

        found.ShouldBeOfType<Comparison.NoChanges>();
    }

    [Fact]
    public async Task Tasks_that_stopped_for_one_reason_with_their_own_ids_in_it_are_one_line()
    {
        await Advance();
        var ids = new[] { new string('a', 32), new string('b', 32), new string('c', 32) };
        _ecs.ListTasksAsync(Arg.Any<ListTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(new ListTasksResponse { TaskArns = [.. ids] });
        _ecs.DescribeTasksAsync(Arg.Any<DescribeTasksRequest>(), Arg.Any<CancellationToken>())
            .Returns(
                new DescribeTasksResponse
                {
                    Tasks =
                    [
                        .. ids.Select(id =>
                        {
                            var task = Stopped();
                            task.TaskArn = $"arn:task/c/{id}";
                            task.StoppedReason = $"ResourceInitializationError: unable to start task/c/{id}";
                            task.Containers = [];
                            return task;
                        }),
                    ],
                }
            );
        _service = With(Deployment(2, "PRIMARY", "FAILED", "shop:2"), Deployment(1, "ACTIVE", "COMPLETED"));

        var failed = (await Advance()).ShouldBeOfType<Outcome.Failed>();

        failed.Cause.Message.Split('\n').Count(line => line.Contains("stopped: ", StringComparison.Ordinal)).ShouldBe(1);
        failed.Cause.Message.ShouldContain("3 tasks of shop stopped: ResourceInitializationError: unable to start task/c/");
    }

    [Theory]
    [InlineData("cpu: 513", "the containers of shop would have 513 CPU units together, and the task has 512; ")]
    [InlineData("memory: 1025", "the container app would have 1025 MiB of memory, and the task of shop has 1024; ")]
    public async Task A_container_above_the_size_of_its_task_is_refused_before_anything_is_registered(string keys, string reason)
    {
        _keys = keys;

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldStartWith(reason);
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_size_that_Fargate_does_not_have_is_refused_before_anything_is_registered()
    {
        _definitions["shop:1"].TaskDefinition.RequiresCompatibilities = ["FARGATE"];
        _keys = "task: { cpu: 1024 }";

        (await Should.ThrowAsync<ServiceRefusedException>(Advance)).Message.ShouldBe(
            "shop would be a task with a cpu of 1024 and a memory of 1024 MiB, which Fargate does not have; it has a memory of 2048 to "
                + "8192 MiB in steps of 1024 with a cpu of 1024"
        );
        (_registered.Count, _updates.Count).ShouldBe((0, 0));
    }

    private async Task<Outcome> Advance(string? revision, string? rollbackTo = null)
    {
        var run = Run(revision, rollbackTo);
        try
        {
            return await Work().Advance(run);
        }
        finally
        {
            _record = run.Record;
        }
    }

    private Task<Outcome> Advance() => Advance("abc");

    private ServiceWork Work() => new(new Revisions(_desk, _desk.Settings, _desk.Ledger));

    private StepRun Run(string? revision, string? rollbackTo = null) =>
        _desk.Run(
            new MemoryFolder(
                (
                    "deployer.yaml",
                    $$"""
                    service: inventory
                    targets: { dev: { account: "111111111111", region: us-east-1 } }
                    steps:
                      registry: { stack: shop-registry, template: registry.yaml }
                      web: { service: shop, cluster: c, {{_keys}} }
                    """
                ),
                (
                    "registry.yaml",
                    """
                    Resources: { Topic: { Type: AWS::SNS::Topic } }
                    Outputs: { Shop: { Value: !Ref Topic } }
                    """
                ),
                ("task.json", "\uFEFF" + _file),
                (
                    "other.json",
                    """
                    {
                      "cpu": "256", "memory": "512", "networkMode": "awsvpc", "requiresCompatibilities": ["EC2"],
                      "containerDefinitions": [
                        { "name": "app", "image": "replaced", "portMappings": [
                          { "containerPort": 8080, "name": "web" }, { "containerPortRange": "9000-9010" } ] }SIDECAR
                      ]
                    }
                    """.Replace(
                        "SIDECAR",
                        _keys.Contains("container: app", StringComparison.Ordinal)
                            ? """, { "name": "proxy", "image": "nginx:1" }"""
                            : string.Empty,
                        StringComparison.Ordinal
                    )
                )
            ),
            _record,
            StubbedAccount.With(ecs: _ecs, ecr: _ecr, logs: _logs, enteredAt: _at),
            released: _output is null
                ? null
                : new Dictionary<string, ReleasedStep>
                {
                    ["registry"] = new()
                    {
                        Step = "registry",
                        Deployment = new("zero"),
                        Inputs = "inputs",
                        Resource = "shop-registry",
                        Outputs = new Dictionary<string, string> { ["Shop"] = _output },
                    },
                },
            revision: revision,
            rollbackTo: rollbackTo
        );

    private static Service Running() => With(Deployment(1, "PRIMARY", "COMPLETED"));

    private static Service With(params Deployment[] deployments) =>
        new()
        {
            ServiceName = "shop",
            ClusterArn = "arn:aws:ecs:us-east-1:111111111111:cluster/c",
            Status = "ACTIVE",
            DesiredCount = 2,
            Deployments = [.. deployments],
        };

    private static Deployment Deployment(
        int number,
        string status,
        string rollout,
        string definition = "shop:1",
        string reason = "reason",
        int updated = 0
    ) =>
        new()
        {
            Id = $"ecs-svc/{number}",
            Status = status,
            RolloutState = rollout,
            RolloutStateReason = reason,
            TaskDefinition = definition.StartsWith("arn:", StringComparison.Ordinal)
                ? definition
                : $"arn:aws:ecs:us-east-1:111111111111:task-definition/{definition}",
            RunningCount = 2,
            CreatedAt = Start.AddMinutes(number),
            UpdatedAt = Start.AddMinutes(Math.Max(number, updated)),
        };

    private static DescribeTaskDefinitionResponse Definition(int number, string image, List<Amazon.ECS.Model.Tag>? tags = null) =>
        new()
        {
            TaskDefinition = new TaskDefinition
            {
                TaskDefinitionArn = $"arn:aws:ecs:us-east-1:111111111111:task-definition/shop:{number}",
                Family = "shop",
                Revision = number,
                Status = TaskDefinitionStatus.ACTIVE,
                Cpu = "512",
                Memory = "1024",
                TaskRoleArn = "role",
                RegisteredBy = "somebody",
                ContainerDefinitions =
                [
                    new ContainerDefinition
                    {
                        Name = "app",
                        Image = image,
                        Environment = [new KeyValuePair { Name = "PASSPHRASE", Value = Secret }],
                        LogConfiguration = new LogConfiguration
                        {
                            LogDriver = LogDriver.Awslogs,
                            Options = new() { ["awslogs-group"] = "/shop", ["awslogs-stream-prefix"] = "app" },
                        },
                    },
                ],
            },
            Tags = tags ?? [Tag("team", "shop"), Tag("aws:cloudformation:stack-name", "shop")],
        };

    private static Amazon.ECS.Model.Tag Tag(string key, string value) => new() { Key = key, Value = value };

    private static Amazon.ECS.Model.Task Stopped() =>
        new()
        {
            TaskArn = "arn:task/c/t1",
            TaskDefinitionArn = "arn:aws:ecs:us-east-1:111111111111:task-definition/shop:2",
            StartedBy = "ecs-svc/2",
            StopCode = TaskStopCode.EssentialContainerExited,
            StoppedReason = "Essential container in task exited",
            StoppedAt = Start,
            Containers =
            [
                new Container
                {
                    Name = "app",
                    ExitCode = 137,
                    Reason = "OutOfMemoryError",
                },
            ],
        };
}
