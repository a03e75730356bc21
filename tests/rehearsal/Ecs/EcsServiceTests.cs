using Amazon.ECS;
using Amazon.ECS.Model;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

public sealed class EcsServiceTests : IAsyncLifetime
{
    private const string Services = "arn:aws:ecs:us-east-1:111111111111:service/pro/*";
    private ContainerCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ContainerCluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_definition_is_found_by_family_revision_and_arn()
    {
        foreach (
            var (reference, revision) in new[]
            {
                ("transactor", 2),
                ("transactor:1", 1),
                ("arn:aws:ecs:us-east-1:111111111111:task-definition/transactor:2", 2),
            }
        )
        {
            (
                await _cluster.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = reference })
            ).TaskDefinition.Revision.ShouldBe(revision);
        }
    }

    /// <summary>
    /// "You can't use an INACTIVE task definition to run new tasks or create new services, and you can't update an existing service to
    /// reference an INACTIVE task definition": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    /// </summary>
    [Fact]
    public async Task A_deregistered_definition_is_described_and_runs_nothing_new()
    {
        await _cluster.Create();
        var family = new DeregisterTaskDefinitionRequest { TaskDefinition = "transactor" };
        var second = new DeregisterTaskDefinitionRequest { TaskDefinition = "transactor:2" };

        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.DeregisterTaskDefinitionAsync(family))).Message.ShouldContain(
            "revision"
        );
        (await _cluster.Ecs.DeregisterTaskDefinitionAsync(second)).TaskDefinition.Status.ShouldBe(TaskDefinitionStatus.INACTIVE);

        var described = await _cluster.Ecs.DescribeTaskDefinitionAsync(
            new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:2" }
        );
        described.TaskDefinition.Status.ShouldBe(TaskDefinitionStatus.INACTIVE);
        described.TaskDefinition.DeregisteredAt.ShouldNotBeNull();
        (
            await _cluster.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor" })
        ).TaskDefinition.Revision.ShouldBe(1);
        (await Should.ThrowAsync<ClientException>(_cluster.Update("transactor:2"))).Message.ShouldBe("TaskDefinition is inactive");
    }

    [Theory]
    [InlineData("1024", "6144", true)]
    [InlineData("1 vCPU", "6 GB", true)]
    [InlineData("256", "512", true)]
    [InlineData("8192", "20480", true)]
    [InlineData("8192", "21504", false)]
    [InlineData("256", "4096", false)]
    [InlineData("300", "1024", false)]
    [InlineData("much", "1024", false)]
    [InlineData(null, "1024", false)]
    public async Task Only_the_sizes_that_Fargate_has_are_registered(string? cpu, string memory, bool allowed)
    {
        var request = ContainerCluster.Definition();
        (request.Cpu, request.Memory) = (cpu, memory);

        if (allowed)
        {
            (await _cluster.Ecs.RegisterTaskDefinitionAsync(request)).TaskDefinition.Revision.ShouldBe(3);
        }
        else
        {
            await Should.ThrowAsync<ClientException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request));
        }
    }

    /// <summary>https://github.com/pulumi/pulumi-awsx/issues/188 has what ECS says.</summary>
    [Fact]
    public async Task A_container_larger_than_its_task_is_refused()
    {
        var request = ContainerCluster.Definition();
        request.ContainerDefinitions[0].Memory = 7000;

        (await Should.ThrowAsync<ClientException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request))).Message.ShouldBe(
            $"The 'memory' setting for container '{request.ContainerDefinitions[0].Name}' is greater than for the task."
        );
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html</summary>
    [Theory]
    [InlineData("web_1-a", true)]
    [InlineData("Web", false)]
    [InlineData("web a", false)]
    [InlineData("-web", false)]
    [InlineData("", false)]
    public async Task A_port_has_a_name_that_ECS_allows(string name, bool allowed)
    {
        var request = ContainerCluster.Definition();
        request.ContainerDefinitions[0].PortMappings = [new PortMapping { ContainerPort = 8080, Name = name }];

        if (allowed)
        {
            (await _cluster.Ecs.RegisterTaskDefinitionAsync(request)).TaskDefinition.Revision.ShouldBe(3);
        }
        else
        {
            (await Should.ThrowAsync<ClientException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request))).Message.ShouldContain(
                $"'{name}'"
            );
        }
    }

    [Fact]
    public async Task A_definition_is_compatible_with_what_ECS_knows_alone()
    {
        var request = ContainerCluster.Definition();
        request.RequiresCompatibilities =
        [
            Compatibility.FARGATE,
            Compatibility.EC2,
            Compatibility.EXTERNAL,
            Compatibility.MANAGED_INSTANCES,
        ];
        (await _cluster.Ecs.RegisterTaskDefinitionAsync(request)).TaskDefinition.Revision.ShouldBe(3);

        request.RequiresCompatibilities = [Compatibility.FARGATE, "MARS"];
        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request))).Message.ShouldContain(
            "'MARS'"
        );
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html</summary>
    [Theory]
    [InlineData("team", "a", "team", "b", false)]
    [InlineData("team", "a", "Team", "b", true)]
    [InlineData("team", "a", "AWS:team", "b", false)]
    [InlineData("team", "a", "stage", "aws:b", false)]
    [InlineData("team", "a", "", "b", false)]
    public async Task A_definition_has_each_tag_once_and_none_of_AWS(string one, string its, string other, string value, bool allowed)
    {
        var request = ContainerCluster.Definition();
        request.Tags = [new Tag { Key = one, Value = its }, new Tag { Key = other, Value = value }];

        if (allowed)
        {
            (await _cluster.Ecs.RegisterTaskDefinitionAsync(request)).Tags.Count.ShouldBe(2);
        }
        else
        {
            await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request));
        }
    }

    [Fact]
    public async Task What_does_not_exist_is_named_by_its_own_error()
    {
        await Should.ThrowAsync<ClusterNotFoundException>(_cluster.Ecs.ListTasksAsync(new ListTasksRequest { Cluster = "other" }));
        await Should.ThrowAsync<ServiceNotFoundException>(_cluster.Update("transactor:1"));
        await Should.ThrowAsync<ClientException>(
            _cluster.Ecs.DescribeTaskDefinitionAsync(new DescribeTaskDefinitionRequest { TaskDefinition = "transactor:3" })
        );
        var described = await _cluster.Ecs.DescribeServicesAsync(new DescribeServicesRequest { Cluster = "pro", Services = ["other"] });
        described.Services.ShouldBeEmpty();
        var missing = described.Failures.ShouldHaveSingleItem();
        (missing.Arn, missing.Reason).ShouldBe(("arn:aws:ecs:us-east-1:111111111111:service/pro/other", "MISSING"));
    }

    [Fact]
    public async Task A_service_is_deleted_when_it_is_scaled_to_nothing_or_by_force()
    {
        await _cluster.Create();
        var request = new DeleteServiceRequest { Cluster = "pro", Service = "transactor" };

        await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.DeleteServiceAsync(request));
        request.Force = true;
        (await _cluster.Ecs.DeleteServiceAsync(request)).Service.Status.ShouldBe("DRAINING");
        await _cluster.World.RunUntil(() => _cluster.Record().Status == "INACTIVE");
        await Should.ThrowAsync<ServiceNotActiveException>(_cluster.Update("transactor:1"));
        await _cluster.Create();

        (await _cluster.Describe()).Status.ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Tasks_are_listed_by_service_family_and_state()
    {
        await _cluster.Create();
        await _cluster.Update("transactor:2");
        await _cluster.Steady();

        (await List(new ListTasksRequest { ServiceName = "transactor" })).Count.ShouldBe(2);
        (await List(new ListTasksRequest { Family = "transactor", DesiredStatus = DesiredStatus.STOPPED })).Count.ShouldBe(2);
        (await List(new ListTasksRequest { Family = "other" })).ShouldBeEmpty();
        (await List(new ListTasksRequest { StartedBy = _cluster.Record().Primary.Id })).Count.ShouldBe(2);
        var running = await List(new ListTasksRequest());
        var tasks = (await _cluster.Ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = "pro", Tasks = running })).Tasks;
        tasks.ShouldAllBe(task =>
            task.LastStatus == "RUNNING"
            && task.Group == "service:transactor"
            && task.TaskDefinitionArn.EndsWith("transactor:2", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_cluster_counts_its_services_and_tasks()
    {
        await _cluster.Create();

        var cluster = (
            await _cluster.Ecs.DescribeClustersAsync(new DescribeClustersRequest { Clusters = ["pro"] })
        ).Clusters.ShouldHaveSingleItem();

        (cluster.ActiveServicesCount, cluster.RunningTasksCount, cluster.PendingTasksCount).ShouldBe((1, 2, 0));
    }

    [Fact]
    public async Task What_is_not_simulated_names_itself()
    {
        var ec2 = ContainerCluster.Service();
        ec2.LaunchType = null;
        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(ec2))).Message.ShouldContain(
            "launch type FARGATE only, not EC2"
        );

        var blueGreen = ContainerCluster.Service(configuration: new DeploymentConfiguration { Strategy = DeploymentStrategy.BLUE_GREEN });
        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(blueGreen))).Message.ShouldContain(
            "ROLLING only, not BLUE_GREEN"
        );

        var bakes = ContainerCluster.Service(configuration: new DeploymentConfiguration { BakeTimeInMinutes = 5 });
        (await Should.ThrowAsync<AmazonECSException>(_cluster.Ecs.CreateServiceAsync(bakes))).Message.ShouldContain(
            "BakeTimeInMinutes of DeploymentConfiguration"
        );

        (
            await Should.ThrowAsync<AmazonECSException>(
                _cluster.Ecs.ListServiceDeploymentsAsync(new ListServiceDeploymentsRequest { Service = "transactor" })
            )
        ).Message.ShouldContain("does not simulate ecs:ListServiceDeployments");
    }

    [Theory]
    [InlineData("CODE_DEPLOY", "Use AWS CodeDeploy to trigger a new deployment.")]
    [InlineData("EXTERNAL", "deployment controller.")]
    public async Task Another_deployment_controller_refuses_a_new_definition(string controller, string reason)
    {
        var request = controller == "EXTERNAL" ? External() : ContainerCluster.Service();
        request.DeploymentController = new DeploymentController { Type = controller };
        await _cluster.Ecs.CreateServiceAsync(request);

        var refused = await Should.ThrowAsync<InvalidParameterException>(_cluster.Update("transactor:2"));

        refused.Message.ShouldStartWith($"Unable to update task definition on services with a {controller} deployment controller.");
        refused.Message.ShouldEndWith(reason);
        var described = await _cluster.Describe();
        described.DeploymentController.Type.Value.ShouldBe(controller);
        described.Deployments.ShouldBeEmpty("such a service has task sets");
    }

    /// <summary>https://docs.aws.amazon.com/AmazonECS/latest/userguide/deployment-type-external.html</summary>
    [Fact]
    public async Task A_service_of_an_external_controller_runs_nothing_and_has_nothing_of_task_sets()
    {
        await _cluster.Ecs.CreateServiceAsync(External());
        await _cluster.Ecs.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = ContainerCluster.Name,
                Service = ContainerCluster.Family,
                DesiredCount = 3,
                HealthCheckGracePeriodSeconds = 60,
            }
        );
        var service = await _cluster.Describe();
        var deleted = new DeleteServiceRequest
        {
            Cluster = ContainerCluster.Name,
            Service = ContainerCluster.Family,
            Force = true,
        };
        await _cluster.Ecs.DeleteServiceAsync(deleted);

        (service.Status, service.DesiredCount, service.RunningCount, service.PendingCount).ShouldBe(("ACTIVE", 3, 0, 0));
        (service.TaskDefinition, service.LaunchType, service.PlatformVersion, service.PlatformFamily).ShouldBe((null, null, null, null));
        service.NetworkConfiguration.ShouldBeNull();
        service.Deployments.ShouldBeEmpty();
        service.HealthCheckGracePeriodSeconds.ShouldBe(60);
        (await List(new ListTasksRequest())).ShouldBeEmpty();
        (await _cluster.Describe()).Status.ShouldBe("INACTIVE");
    }

    /// <summary>https://github.com/aws/aws-cdk/issues/6245 has what ECS says of a task definition.</summary>
    [Theory]
    [InlineData("TaskDefinition")]
    [InlineData("LaunchType")]
    [InlineData("NetworkConfiguration")]
    [InlineData("PlatformVersion")]
    public async Task What_belongs_to_task_sets_is_not_given_to_a_service_of_an_external_controller(string member)
    {
        var request = External();
        var whole = ContainerCluster.Service();
        request.TaskDefinition = member == "TaskDefinition" ? whole.TaskDefinition : null;
        request.LaunchType = member == "LaunchType" ? whole.LaunchType : null;
        request.NetworkConfiguration = member == "NetworkConfiguration" ? whole.NetworkConfiguration : null;
        request.PlatformVersion = member == "PlatformVersion" ? "1.4.0" : null;

        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(request))).Message.ShouldBe(
            $"{member} must be blank."
        );
    }

    private static CreateServiceRequest External()
    {
        var request = ContainerCluster.Service();
        request.TaskDefinition = null;
        request.LaunchType = null;
        request.NetworkConfiguration = null;
        request.DeploymentController = new DeploymentController { Type = DeploymentControllerType.EXTERNAL };
        return request;
    }

    [Theory]
    [InlineData("image", "Fargate requires task definition to have execution role ARN to support ECR images.")]
    [InlineData("log", "Fargate requires task definition to have execution role ARN to support log driver awslogs.")]
    [InlineData("secret", "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")]
    public async Task What_an_execution_role_does_needs_one(string what, string refusal)
    {
        var request = ContainerCluster.Definition();
        var container = request.ContainerDefinitions[0];
        container.Image = what == "image" ? "111111111111.dkr.ecr.us-east-1.amazonaws.com/orders:1" : container.Image;
        container.LogConfiguration = what == "log" ? new LogConfiguration { LogDriver = LogDriver.Awslogs } : null;
        container.Secrets = what == "secret" ? [new Secret { Name = "PASSWORD", ValueFrom = "/orders/password" }] : null;

        (await Should.ThrowAsync<ClientException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request))).Message.ShouldBe(refusal);
    }

    [Fact]
    public async Task A_host_port_of_awsvpc_is_that_of_the_container()
    {
        var request = ContainerCluster.Definition();
        request.ContainerDefinitions[0].PortMappings = [new PortMapping { ContainerPort = 8080, HostPort = 80 }];

        (await Should.ThrowAsync<ClientException>(_cluster.Ecs.RegisterTaskDefinitionAsync(request))).Message.ShouldBe(
            "When networkMode=awsvpc, the host ports and container ports in port mappings must match."
        );
    }

    /// <summary>https://github.com/hashicorp/terraform-provider-aws/issues/31104 has what ECS says.</summary>
    [Fact]
    public async Task A_grace_period_of_health_checks_needs_a_load_balancer()
    {
        const string Refusal = "Health check grace period is only valid for services configured to use load balancers";
        var create = ContainerCluster.Service();
        create.HealthCheckGracePeriodSeconds = 60;

        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.CreateServiceAsync(create))).Message.ShouldBe(Refusal);
        await _cluster.Create();
        var update = new UpdateServiceRequest
        {
            Cluster = "pro",
            Service = "transactor",
            HealthCheckGracePeriodSeconds = 60,
        };
        (await Should.ThrowAsync<InvalidParameterException>(_cluster.Ecs.UpdateServiceAsync(update))).Message.ShouldBe(Refusal);
    }

    [Theory]
    [InlineData("ecs:UpdateService", Services, true)]
    [InlineData("ecs:UpdateService", "arn:aws:ecs:us-east-1:111111111111:service/other/*", false)]
    [InlineData("ecs:DescribeServices", Services, false)]
    public async Task A_policy_names_the_service(string action, string resource, bool allowed)
    {
        await _cluster.Create();
        using var client = _cluster.Client(
            await _cluster.Session($$"""{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"}""")
        );

        var update = client.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = "arn:aws:ecs:us-east-1:111111111111:cluster/pro",
                Service = "transactor",
                DesiredCount = 1,
            }
        );

        if (allowed)
        {
            (await update).Service.DesiredCount.ShouldBe(1);
        }
        else
        {
            (await Should.ThrowAsync<AmazonECSException>(update)).ErrorCode.ShouldBe("AccessDeniedException");
        }
    }

    [Fact]
    public async Task A_definition_with_a_role_needs_the_right_to_pass_it()
    {
        using var client = _cluster.Client(
            await _cluster.Session(
                """
                {"Effect":"Allow","Action":"ecs:RegisterTaskDefinition",
                "Resource":"arn:aws:ecs:us-east-1:111111111111:task-definition/transactor:*"}
                """
            )
        );
        var request = ContainerCluster.Definition();

        (await client.RegisterTaskDefinitionAsync(request)).TaskDefinition.Revision.ShouldBe(3);
        request.TaskRoleArn = "arn:aws:iam::111111111111:role/transactor";

        (await Should.ThrowAsync<AmazonECSException>(client.RegisterTaskDefinitionAsync(request))).Message.ShouldContain("iam:PassRole");
    }

    private async Task<List<string>> List(ListTasksRequest request)
    {
        request.Cluster = ContainerCluster.Name;
        return (await _cluster.Ecs.ListTasksAsync(request)).TaskArns ?? [];
    }
}
