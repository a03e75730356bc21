using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.World;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

public sealed class ServicesTests
{
    [Fact]
    public async Task A_new_service_starts_its_tasks_and_its_deployment_is_completed()
    {
        await using var cluster = await ContainerCluster.Start();

        var created = (await cluster.Ecs.CreateServiceAsync(ContainerCluster.Service())).Service;
        await cluster.Steady();
        var steady = await cluster.Describe();

        (created.Status, created.RunningCount, created.PendingCount).ShouldBe(("ACTIVE", 0, 2));
        created.Deployments.ShouldHaveSingleItem().RolloutState.ShouldBe(DeploymentRolloutState.IN_PROGRESS);
        (steady.RunningCount, steady.PendingCount).ShouldBe((2, 0));
        var deployment = steady.Deployments.ShouldHaveSingleItem();
        (deployment.Status, deployment.RolloutState.Value, deployment.RunningCount).ShouldBe(("PRIMARY", "COMPLETED", 2));
        deployment.Id.ShouldMatch("^ecs-svc/[0-9]{19}$");
        steady.Events[0].Message.ShouldBe("(service transactor) has reached a steady state.");
        cluster.World.Now.ShouldBeGreaterThan(Epoch.Start);
        cluster.Events.ShouldBe([
            $"aws.ecs ECS Deployment State Change transactor INFO SERVICE_DEPLOYMENT_IN_PROGRESS ECS deployment {deployment.Id} in "
                + "progress.",
            $"aws.ecs ECS Deployment State Change transactor INFO SERVICE_DEPLOYMENT_COMPLETED ECS deployment {deployment.Id} completed.",
            "aws.ecs ECS Service Action transactor INFO SERVICE_STEADY_STATE",
        ]);
    }

    [Theory]
    [InlineData(2, 100, 200, 2, 4)]
    [InlineData(4, 50, 100, 2, 4)]
    [InlineData(1, 0, 100, 0, 1)]
    [InlineData(1, 100, 200, 1, 2)]
    [InlineData(3, 50, 150, 2, 4)]
    public async Task An_update_exchanges_tasks_within_the_bounds_of_its_configuration(
        int desired,
        int healthy,
        int maximum,
        int fewest,
        int most
    )
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Create(desired, new DeploymentConfiguration { MinimumHealthyPercent = healthy, MaximumPercent = maximum });
        var (least, peak) = (int.MaxValue, 0);

        var updated = await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() =>
        {
            least = Math.Min(least, cluster.Tasks().Count(task => task.LastStatus == "RUNNING"));
            peak = Math.Max(peak, cluster.Tasks().Count(task => task.Wanted));
            return cluster.Record().Steady;
        });

        updated
            .Deployments.Select(deployment => $"{deployment.Status} {deployment.RolloutState} {Revision(deployment)}")
            .ShouldBe(["PRIMARY IN_PROGRESS 2", "ACTIVE COMPLETED 1"]);
        (least, peak).ShouldBe((fewest, most));
        var after = await cluster.Describe();
        after.RunningCount.ShouldBe(desired);
        Revision(after.Deployments.ShouldHaveSingleItem()).ShouldBe("2");
    }

    [Fact]
    public async Task Another_count_of_tasks_is_no_deployment()
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Create();
        var deployment = cluster.Record().Primary.Id;

        foreach (var desired in new[] { 3, 1 })
        {
            await cluster.Ecs.UpdateServiceAsync(
                new UpdateServiceRequest
                {
                    Cluster = ContainerCluster.Name,
                    Service = ContainerCluster.Family,
                    DesiredCount = desired,
                }
            );
            await cluster.Steady();
            (await cluster.Describe()).RunningCount.ShouldBe(desired);
        }

        cluster.Record().Primary.Id.ShouldBe(deployment);
        cluster.Events.Count(seen => seen.Contains("SERVICE_DEPLOYMENT_IN_PROGRESS", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_definition_is_deployed_again_only_by_force()
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Create();
        var first = cluster.Record().Primary.Id;

        (await cluster.Update("transactor:1")).Deployments.ShouldHaveSingleItem().Id.ShouldBe(first);
        await cluster.Ecs.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = ContainerCluster.Name,
                Service = ContainerCluster.Family,
                ForceNewDeployment = true,
            }
        );
        await cluster.Steady();

        cluster.Record().Primary.Id.ShouldNotBe(first);
        cluster.Tasks().Where(task => task.Wanted).ShouldAllBe(task => task.Deployment != first);
    }

    [Fact]
    public async Task The_circuit_breaker_rolls_back_to_the_deployment_that_was_completed()
    {
        await using var cluster = await ContainerCluster.Start("tasks-do-not-start");
        await cluster.Create(2, Breaker(rollback: true));
        var first = cluster.Record().Primary.Id;

        var second = (await cluster.Update("transactor:2")).Deployments[0].Id;
        await cluster.World.RunUntil(() => cluster.Record().Primary.Id == first);
        var rolling = await cluster.Describe();
        await cluster.Steady();
        var after = await cluster.Describe();

        rolling
            .Deployments.Select(deployment => $"{deployment.Status} {deployment.RolloutState} {deployment.Id}")
            .ShouldBe([$"PRIMARY IN_PROGRESS {first}", $"ACTIVE FAILED {second}"]);
        rolling.Deployments[1].FailedTasks!.Value.ShouldBeGreaterThanOrEqualTo(3);
        rolling.Deployments[1].RolloutStateReason.ShouldBe("ECS deployment circuit breaker: tasks failed to start.");
        after.Deployments.ShouldHaveSingleItem().Id.ShouldBe(first, "the deployment that failed is gone");
        after.RunningCount.ShouldBe(2);
        cluster
            .Events[^5..]
            .ShouldBe([
                "aws.ecs ECS Service Action transactor WARN SERVICE_TASK_START_IMPAIRED",
                "aws.ecs ECS Deployment State Change transactor ERROR SERVICE_DEPLOYMENT_FAILED ECS deployment circuit breaker: tasks "
                    + "failed to start.",
                "aws.ecs ECS Deployment State Change transactor INFO SERVICE_DEPLOYMENT_IN_PROGRESS ECS deployment circuit breaker: "
                    + $"rolling back to deploymentId {first}.",
                $"aws.ecs ECS Deployment State Change transactor INFO SERVICE_DEPLOYMENT_COMPLETED ECS deployment {first} completed.",
                "aws.ecs ECS Service Action transactor INFO SERVICE_STEADY_STATE",
            ]);
    }

    [Fact]
    public async Task Without_a_rollback_the_failed_deployment_stays_and_starts_no_more_tasks()
    {
        await using var cluster = await ContainerCluster.Start("tasks-do-not-start:transactor");
        await cluster.Create(2, Breaker(rollback: false));

        await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() =>
            cluster.Record().Primary.Rollout == "FAILED" && cluster.Tasks().All(task => task.LastStatus != "PENDING")
        );
        var failed = await cluster.Describe();

        failed
            .Deployments.Select(deployment => $"{deployment.Status} {deployment.RolloutState} {deployment.RunningCount}")
            .ShouldBe(["PRIMARY FAILED 0", "ACTIVE COMPLETED 2"]);
        failed.RunningCount.ShouldBe(2, "those of before still serve");
    }

    [Fact]
    public async Task A_desired_count_of_zero_stops_the_tasks_of_every_deployment()
    {
        await using var cluster = await ContainerCluster.Start("tasks-do-not-start:transactor");
        await cluster.Create(2, Breaker(rollback: false));
        await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() => cluster.Record().Primary.Rollout == "FAILED");

        await cluster.Ecs.UpdateServiceAsync(
            new UpdateServiceRequest
            {
                Cluster = ContainerCluster.Name,
                Service = ContainerCluster.Family,
                DesiredCount = 0,
            }
        );
        await cluster.World.RunUntil(() => cluster.Tasks().All(task => task.LastStatus == "STOPPED"));

        (await cluster.Describe()).RunningCount.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_circuit_breaker_tasks_are_started_again_after_ever_longer_pauses()
    {
        await using var cluster = await ContainerCluster.Start("tasks-do-not-start");
        await cluster.Create(1);
        var before = cluster.World.Now;

        await cluster.Update("transactor:2");
        await cluster.World.RunUntil(() => cluster.Record().Primary.FailedTasks == 10);

        cluster.Record().Primary.Rollout.ShouldBe("IN_PROGRESS");
        (cluster.World.Now - before).ShouldBeGreaterThan(TimeSpan.FromHours(1));
        cluster.Events.Count(seen => seen.EndsWith("WARN SERVICE_TASK_START_IMPAIRED", StringComparison.Ordinal)).ShouldBe(1);
        (await cluster.Describe()).RunningCount.ShouldBe(1);
    }

    [Fact]
    public async Task A_task_that_is_stopped_is_replaced()
    {
        await using var cluster = await ContainerCluster.Start();
        await cluster.Create();
        var task = await cluster.World.Do(() => cluster.Tasks().First().Id);

        var stopping = (
            await cluster.Ecs.StopTaskAsync(
                new StopTaskRequest
                {
                    Cluster = ContainerCluster.Name,
                    Task = task,
                    Reason = "to see it",
                }
            )
        ).Task;
        await cluster.Steady();
        var stopped = (
            await cluster.Ecs.DescribeTasksAsync(new DescribeTasksRequest { Cluster = ContainerCluster.Name, Tasks = [task] })
        ).Tasks.ShouldHaveSingleItem();

        (stopping.LastStatus, stopping.DesiredStatus).ShouldBe(("STOPPING", "STOPPED"));
        (stopped.LastStatus, stopped.StopCode, stopped.StoppedReason).ShouldBe(("STOPPED", TaskStopCode.UserInitiated, "to see it"));
        (await cluster.Describe()).RunningCount.ShouldBe(2);
    }

    [Fact]
    public async Task A_deployment_goes_on_in_a_world_that_was_closed()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string id;
            await using (var cluster = await ContainerCluster.Start(new RehearsalOptions { StateDirectory = folder.FullName }))
            {
                id = (await cluster.Ecs.CreateServiceAsync(ContainerCluster.Service())).Service.Deployments[0].Id;
            }

            await using var again = await ContainerCluster.Open(new RehearsalOptions { StateDirectory = folder.FullName });
            await again.Steady();

            var service = await again.Describe();
            (service.RunningCount, service.Deployments.ShouldHaveSingleItem().Id).ShouldBe((2, id));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_service_that_is_gone_is_kept_with_the_world()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            await using (var cluster = await ContainerCluster.Start(new RehearsalOptions { StateDirectory = folder.FullName }))
            {
                await cluster.Create();
                await cluster.Ecs.DeleteServiceAsync(
                    new DeleteServiceRequest
                    {
                        Cluster = "pro",
                        Service = "transactor",
                        Force = true,
                    }
                );
                await cluster.World.RunUntil(() => cluster.Record().Status == "INACTIVE");
            }

            await using var again = await ContainerCluster.Open(new RehearsalOptions { StateDirectory = folder.FullName });
            (await again.World.Do(() => again.Record().Status)).ShouldBe("INACTIVE");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static DeploymentConfiguration Breaker(bool rollback) =>
        new()
        {
            DeploymentCircuitBreaker = new DeploymentCircuitBreaker { Enable = true, Rollback = rollback },
        };

    private static string Revision(Deployment deployment) => deployment.TaskDefinition[(deployment.TaskDefinition.LastIndexOf(':') + 1)..];
}
