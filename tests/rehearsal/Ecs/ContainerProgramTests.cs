using Amazon.ECS.Model;
using Deployer.Rehearsal.Ecs;
using Deployer.Rehearsal.World;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Rehearsal.Tests.Ecs;

/// <summary>What a program of an image may do while its task runs.</summary>
public sealed class ContainerProgramTests
{
    [Fact]
    public async Task A_program_logs_waits_and_ends_and_its_task_is_replaced()
    {
        var program = new Program();
        await using var cluster = await ContainerCluster.Start(new RehearsalOptions(), program);
        await cluster.MakeRoles();
        var made = await cluster.Ecs.RegisterTaskDefinitionAsync(cluster.Definition("image:2", healthCheck: false));
        await cluster.Create(1);
        await cluster.Update(made.TaskDefinition.TaskDefinitionArn);
        await cluster.World.RunUntil(() => program.Seen.Contains("ended"));

        var task = cluster.Tasks().Single(candidate => candidate.StopCode == "EssentialContainerExited");
        (task.LastStatus, task.Containers[0].ExitCode, task.Containers[0].Reason).ShouldBe(("STOPPED", 3, "of its own accord"));
        (task.Stopped - task.Started).ShouldBe(TimeSpan.FromMinutes(5));
        cluster
            .Logs.Events(cluster.Logs.Find(ContainerCluster.Account, "us-east-1", ContainerCluster.LogGroup)!)
            .Where(line => line.Stream.EndsWith(task.Id, StringComparison.Ordinal))
            .Select(line => line.Message)
            .ShouldBe(["at 10.0.0", "later"]);
        await cluster.World.RunUntil(() => cluster.Tasks().Count(candidate => candidate.Wanted) == 1);
        program.Seen[..3].ShouldBe(["started", "continued enough", "ended"]);
    }

    [Fact]
    public async Task A_program_is_asked_to_stop_and_may_end_before_its_time_is_over()
    {
        var program = new Program();
        await using var cluster = await ContainerCluster.Start(new RehearsalOptions(), program);
        await cluster.MakeRoles();
        var made = await cluster.Ecs.RegisterTaskDefinitionAsync(cluster.Definition("image:2", healthCheck: false));
        await cluster.Create(1);
        await cluster.Update(made.TaskDefinition.TaskDefinitionArn);
        await cluster.Steady();
        await cluster.Update("transactor:1");
        await cluster.World.RunUntil(() => program.Seen.Contains("ended"));

        program.Seen.ShouldBe(["started", "stopping", "ended"]);
        cluster.Tasks().Single(task => task.TaskDefinition.EndsWith(":3", StringComparison.Ordinal)).Containers[0].ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_program_that_reports_its_own_health_decides_when_the_deployment_is_completed()
    {
        var program = new Program { ReportsHealth = true };
        await using var cluster = await ContainerCluster.Start(new RehearsalOptions(), program);
        await cluster.MakeRoles();
        var made = await cluster.Ecs.RegisterTaskDefinitionAsync(cluster.Definition("image:2"));
        await cluster.Create(1);
        await cluster.Update(made.TaskDefinition.TaskDefinitionArn);
        await cluster.World.RunUntil(() => cluster.Tasks().Any(candidate => candidate.Containers[0].Health == "HEALTHY"));

        var task = cluster.Tasks().Single(candidate => candidate.Containers[0].Health == "HEALTHY");
        (cluster.World.Now - task.Started).ShouldBe(TimeSpan.FromMinutes(2));
        await cluster.Steady();
        cluster.Record().Primary.Rollout.ShouldBe("COMPLETED");
    }

    private sealed class Program : IContainerProgram
    {
        public bool ReportsHealth { get; init; }

        public List<string> Seen { get; } = [];

        public bool IsOf(ContainerDefinition container) => container.Image == "image:2";

        public void Started(IContainerHost host, RunningContainer container)
        {
            Seen.Add("started");
            host.Log(container, $"at {container.Address[..container.Address.LastIndexOf('.')]}");
            if (ReportsHealth)
            {
                host.After(container, TimeSpan.FromMinutes(2), "healthy");
            }

            host.After(container, TimeSpan.FromMinutes(5), "enough");
        }

        public void Continue(IContainerHost host, RunningContainer container, string moment)
        {
            Seen.Add($"continued {moment}");
            if (moment == "healthy")
            {
                host.Health(container, healthy: true);
                return;
            }

            host.Log(container, "later");
            host.Exit(container, 3, "of its own accord");
        }

        public void Stopping(IContainerHost host, RunningContainer container)
        {
            Seen.Add("stopping");
            host.Exit(container, 0);
        }

        public void Ended(IContainerHost host, RunningContainer container) => Seen.Add("ended");
    }
}
