using Amazon.ECS;
using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>What ECS's records look like on the wire.</summary>
internal static class EcsShapes
{
    /// <summary>What was asked for and is not there.</summary>
    internal static Failure Missing(string arn) => new() { Arn = arn, Reason = "MISSING" };

    /// <summary>The family in the ARN of a task definition's revision.</summary>
    internal static string Family(string definition) => definition[(definition.LastIndexOf('/') + 1)..definition.LastIndexOf(':')];

    /// <summary>A configuration with what it leaves out: as before, else AWS's defaults.</summary>
    internal static DeploymentConfiguration WithDefaults(this DeploymentConfiguration? wanted, DeploymentConfiguration? before) =>
        new()
        {
            MaximumPercent = wanted?.MaximumPercent ?? before?.MaximumPercent ?? 200,
            MinimumHealthyPercent = wanted?.MinimumHealthyPercent ?? before?.MinimumHealthyPercent ?? 100,
            DeploymentCircuitBreaker =
                wanted?.DeploymentCircuitBreaker
                ?? before?.DeploymentCircuitBreaker
                ?? new DeploymentCircuitBreaker { Enable = false, Rollback = false },
            Strategy = DeploymentStrategy.ROLLING,
        };

    internal static Cluster Shape(this ClusterRecord cluster, IEnumerable<ServiceRecord> services, IEnumerable<TaskRecord> tasks, bool tags)
    {
        var states = tasks.ToLookup(task => task.LastStatus);
        return new Cluster
        {
            ClusterArn = cluster.Arn,
            ClusterName = cluster.Name,
            Status = "ACTIVE",
            RegisteredContainerInstancesCount = 0,
            RunningTasksCount = states["RUNNING"].Count(),
            PendingTasksCount = states["PENDING"].Count(),
            ActiveServicesCount = services.Count(service => service.Status == "ACTIVE"),
            Tags = tags ? [.. cluster.Tags] : null,
        };
    }

    internal static Service Shape(this ServiceRecord service, IEnumerable<TaskRecord> tasks, bool tags)
    {
        var own = tasks.Where(task => task.Service == service.Name).ToList();
        var settings = service.Settings;
        return new Service
        {
            ServiceArn = service.Arn,
            ServiceName = service.Name,
            ClusterArn = service.ClusterArn,
            Status = service.Status,
            DesiredCount = service.DesiredCount,
            RunningCount = own.Count(task => task.LastStatus == "RUNNING"),
            PendingCount = own.Count(task => task.LastStatus == "PENDING"),
            TaskDefinition = service.Deployments.Count > 0 ? service.Primary.TaskDefinition : null,
            Deployments =
            [
                .. service
                    .Deployments.OrderByDescending(deployment => deployment.Status == "PRIMARY")
                    .Select(deployment => Shape(deployment, service, own)),
            ],
            Events =
            [
                .. service.Messages.Select(message => new ServiceEvent
                {
                    Id = message.Id,
                    CreatedAt = message.Time.UtcDateTime,
                    Message = message.Text,
                }),
            ],
            CreatedAt = service.Created.UtcDateTime,
            CreatedBy = service.CreatedBy,
            SchedulingStrategy = SchedulingStrategy.REPLICA,
            DeploymentController = new DeploymentController { Type = DeploymentControllerType.ECS },
            LaunchType = settings.LaunchType,
            PlatformVersion = settings.PlatformVersion,
            PlatformFamily = "Linux",
            DeploymentConfiguration = settings.DeploymentConfiguration,
            NetworkConfiguration = settings.NetworkConfiguration,
            LoadBalancers = settings.LoadBalancers ?? [],
            ServiceRegistries = [],
            PlacementConstraints = [],
            PlacementStrategy = [],
            HealthCheckGracePeriodSeconds = settings.HealthCheckGracePeriodSeconds,
            Tags = tags ? settings.Tags : null,
            EnableECSManagedTags = settings.EnableECSManagedTags,
            PropagateTags = settings.PropagateTags,
            EnableExecuteCommand = settings.EnableExecuteCommand,
            AvailabilityZoneRebalancing = settings.AvailabilityZoneRebalancing,
        };
    }

    private static Deployment Shape(DeploymentRecord deployment, ServiceRecord service, List<TaskRecord> tasks)
    {
        var own = tasks.FindAll(task => task.Deployment == deployment.Id);
        return new Deployment
        {
            Id = deployment.Id,
            Status = deployment.Status,
            TaskDefinition = deployment.TaskDefinition,
            DesiredCount = deployment.Status == "PRIMARY" ? service.DesiredCount : own.Count(task => task.Wanted),
            RunningCount = own.Count(task => task.LastStatus == "RUNNING"),
            PendingCount = own.Count(task => task.LastStatus == "PENDING"),
            FailedTasks = deployment.FailedTasks,
            CreatedAt = deployment.Created.UtcDateTime,
            UpdatedAt = deployment.Updated.UtcDateTime,
            LaunchType = service.Settings.LaunchType,
            PlatformVersion = service.Settings.PlatformVersion,
            PlatformFamily = "Linux",
            NetworkConfiguration = service.Settings.NetworkConfiguration,
            RolloutState = deployment.Rollout,
            RolloutStateReason = deployment.Reason,
        };
    }

    internal static Amazon.ECS.Model.Task Shape(this TaskRecord task, ClusterRecord cluster, TaskDefinition definition)
    {
        var arn = $"arn:aws:ecs:{cluster.Region}:{cluster.Account}:task/{cluster.Name}/{task.Id}";
        var checks = definition.ContainerDefinitions.Exists(container => container.HealthCheck is not null);
        return new Amazon.ECS.Model.Task
        {
            TaskArn = arn,
            ClusterArn = cluster.Arn,
            TaskDefinitionArn = task.TaskDefinition,
            Group = $"service:{task.Service}",
            StartedBy = task.Deployment,
            LaunchType = LaunchType.FARGATE,
            LastStatus = task.LastStatus,
            DesiredStatus = task.Wanted ? "RUNNING" : "STOPPED",
            HealthStatus = checks && task.LastStatus == "RUNNING" ? HealthStatus.HEALTHY : HealthStatus.UNKNOWN,
            Cpu = definition.Cpu,
            Memory = definition.Memory,
            CreatedAt = task.Created.UtcDateTime,
            StartedAt = task.Started?.UtcDateTime,
            StoppingAt = task.Stopping?.UtcDateTime,
            StoppedAt = task.Stopped?.UtcDateTime,
            StopCode = task.StopCode,
            StoppedReason = task.StoppedReason,
            Containers =
            [
                .. definition.ContainerDefinitions.Select(container => new Container
                {
                    TaskArn = arn,
                    Name = container.Name,
                    Image = container.Image,
                    LastStatus = task.LastStatus,
                    ExitCode =
                        task.LastStatus == "STOPPED"
                            ? task.StopCode == "EssentialContainerExited"
                                ? 1
                                : 0
                            : null,
                }),
            ],
        };
    }
}
