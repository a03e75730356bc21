using Amazon.ECS;
using Amazon.ECS.Model;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>Tasks of a new deployment that do not come to run, each with what ECS says about it.</summary>
public sealed class FailingTasksTests
{
    private const string Breaker = "ECS deployment circuit breaker: ";

    [Fact]
    public async Task A_task_that_exits_as_it_starts_has_its_exit_code_and_its_last_lines()
    {
        await using var cluster = await Rolling("tasks-do-not-start");

        var task = await Stopped(cluster);

        (task.StopCode, task.StoppedReason).ShouldBe((TaskStopCode.EssentialContainerExited, "Essential container in task exited"));
        task.Containers.ShouldHaveSingleItem().ExitCode.ShouldBe(1);
        Lines(cluster, task).ShouldBe(["transactor started", "transactor cannot go on: the fault tasks-do-not-start"]);
        await RolledBack(cluster, Breaker);
    }

    [Fact]
    public async Task A_container_that_is_killed_for_its_memory_exits_with_137()
    {
        await using var cluster = await Rolling("tasks-run-out-of-memory:transactor");

        var task = await Stopped(cluster);

        task.StopCode.ShouldBe(TaskStopCode.EssentialContainerExited);
        var container = task.Containers.ShouldHaveSingleItem();
        (container.ExitCode, container.Reason).ShouldBe((137, "OutOfMemoryError: Container killed due to memory usage"));
        await RolledBack(cluster, Breaker);
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_keeps_the_task_from_starting()
    {
        await using var cluster = await Rolling("image-cannot-be-pulled");

        var task = await Stopped(cluster);

        task.StopCode.ShouldBe(TaskStopCode.TaskFailedToStart);
        task.StoppedReason.ShouldStartWith("CannotPullContainerError: ");
        task.StartedAt.ShouldBeNull();
        var container = task.Containers.ShouldHaveSingleItem();
        container.ExitCode.ShouldBeNull();
        container.Reason.ShouldStartWith("CannotPullContainerError: ");
        await RolledBack(cluster, Breaker);
    }

    [Theory]
    [InlineData("1024", "6144", "1024", "6144")]
    [InlineData("1 vCPU", "6 GB", "1024", "6144")]
    [InlineData(".5 vcpu", "1GB", "512", "1024")]
    public async Task A_size_is_described_in_units_and_MiB_whatever_it_was_given_as(string cpu, string memory, string units, string size)
    {
        await using var cluster = await ContainerCluster.Start();
        var request = ContainerCluster.Definition();
        (request.Cpu, request.Memory) = (cpu, memory);

        var registered = (await cluster.Ecs.RegisterTaskDefinitionAsync(request)).TaskDefinition;

        (registered.Cpu, registered.Memory).ShouldBe((units, size));
    }

    [Fact]
    public async Task Health_checks_that_fail_stop_the_task_and_count_against_the_deployment()
    {
        await using var cluster = await Rolling("tasks-are-unhealthy");

        var task = await Stopped(cluster);

        (task.StopCode, task.StoppedReason).ShouldBe((TaskStopCode.ServiceSchedulerInitiated, "Task failed container health checks"));
        task.StartedAt.ShouldNotBeNull();
        task.Containers.ShouldHaveSingleItem().HealthStatus.ShouldBe(HealthStatus.UNHEALTHY);
        await RolledBack(cluster, Breaker);
        (await cluster.Describe()).Events.ShouldContain(line =>
            line.Message.EndsWith("failed container health checks.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_task_for_which_there_is_no_capacity_is_not_made()
    {
        await using var cluster = await Rolling("tasks-are-not-placed");
        var second = cluster.Record().Primary.Id;

        await RolledBack(cluster, Breaker);

        cluster.Tasks().ShouldAllBe(task => task.Deployment != second);
        cluster.Events.ShouldContain("aws.ecs ECS Service Action transactor ERROR SERVICE_TASK_PLACEMENT_FAILURE RESOURCE:FARGATE");
        (await cluster.Describe()).Events.ShouldContain(line =>
            line.Message.StartsWith(
                "(service transactor) was unable to place a task. Reason: Capacity is unavailable",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public async Task An_alarm_of_the_deployment_rolls_back_what_runs_already()
    {
        await using var cluster = await Rolling("deployment-alarm");
        var second = cluster.Record().Primary.Id;

        await RolledBack(cluster, "ECS deployment alarms: ");

        cluster.Tasks().Where(task => task.Deployment == second).ShouldContain(task => task.Started != null);
    }

    [Fact]
    public async Task Without_a_fault_the_deployment_waits_for_the_health_check()
    {
        await using var cluster = await Rolling();

        await cluster.World.RunUntil(() => cluster.Tasks().Count(task => task.LastStatus == "RUNNING" && !task.Serves) == 2);
        cluster.Record().Primary.Rollout.ShouldBe("IN_PROGRESS");
        await cluster.Steady();

        (await cluster.Describe()).Deployments.ShouldHaveSingleItem().RolloutState.ShouldBe(DeploymentRolloutState.COMPLETED);
        var described = await Described(cluster, cluster.Tasks().First(task => task.Wanted).Id);
        described.HealthStatus.ShouldBe(HealthStatus.HEALTHY);
        described
            .Attachments.ShouldHaveSingleItem()
            .Details.Single(detail => detail.Name == "privateIPv4Address")
            .Value.ShouldStartWith("10.0.0.");
    }

    [Theory]
    [InlineData("111111111111.dkr.ecr.us-east-1.amazonaws.com/orders:1", "there is no repository", "CannotPullContainerError: ")]
    [InlineData("image:1", "no log group", "ResourceInitializationError: failed to validate logger args: ")]
    public async Task What_a_task_needs_before_it_starts_has_to_be_there(string image, string why, string reason)
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.MakeRoles();
        await cluster.Create(1, Configuration());
        var request = cluster.Definition(image);
        if (why == "no log group")
        {
            request.ContainerDefinitions[0].LogConfiguration.Options["awslogs-group"] = "/missing";
        }

        var made = await cluster.Ecs.RegisterTaskDefinitionAsync(request);
        await cluster.Update(made.TaskDefinition.TaskDefinitionArn);

        (await Stopped(cluster)).StoppedReason.ShouldStartWith(reason);
    }

    private static async Task<ContainerCluster> Rolling(params string[] faults)
    {
        var cluster = await ContainerCluster.Start(faults);
        await cluster.MakeRoles();
        await cluster.Create(2, Configuration());
        var made = await cluster.Ecs.RegisterTaskDefinitionAsync(cluster.Definition("image:2"));
        await cluster.Update(made.TaskDefinition.TaskDefinitionArn);
        return cluster;
    }

    private static DeploymentConfiguration Configuration() =>
        new()
        {
            DeploymentCircuitBreaker = new DeploymentCircuitBreaker { Enable = true, Rollback = true },
            Alarms = new DeploymentAlarms
            {
                AlarmNames = ["errors"],
                Enable = true,
                Rollback = true,
            },
        };

    private static async Task<Amazon.ECS.Model.Task> Stopped(ContainerCluster cluster)
    {
        await cluster.World.RunUntil(() => cluster.Tasks().Any(task => task.LastStatus == "STOPPED"));
        return await Described(cluster, cluster.Tasks().First(task => task.LastStatus == "STOPPED").Id);
    }

    private static async Task<Amazon.ECS.Model.Task> Described(ContainerCluster cluster, string task) =>
        (
            await cluster.Ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = ContainerCluster.Name, Tasks = [task] })
        ).Tasks.ShouldHaveSingleItem();

    private static IEnumerable<string> Lines(ContainerCluster cluster, Amazon.ECS.Model.Task task) =>
        cluster
            .Logs.Events(cluster.Logs.Find(ContainerCluster.Account, "us-east-1", ContainerCluster.LogGroup)!)
            .Where(line => line.Stream == $"pro/transactor/{task.TaskArn.Split('/')[^1]}")
            .Select(line => line.Message);

    private static async Task RolledBack(ContainerCluster cluster, string detector)
    {
        var second = cluster.Record().Primary.Id;
        await cluster.World.RunUntil(() => cluster.Record() is { Steady: true } record && record.Primary.Id != second);
        (await cluster.Describe()).TaskDefinition.ShouldEndWith("transactor:1");
        cluster.Events.ShouldContain(line =>
            line.StartsWith(
                $"aws.ecs ECS Deployment State Change transactor ERROR SERVICE_DEPLOYMENT_FAILED {detector}",
                StringComparison.Ordinal
            )
        );
        cluster.Events.ShouldContain(line => line.Contains($"{detector}rolling back to deploymentId", StringComparison.Ordinal));
    }
}
