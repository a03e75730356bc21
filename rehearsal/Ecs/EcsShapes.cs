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
            Alarms = wanted?.Alarms ?? before?.Alarms,
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
            CapacityProviders = [.. cluster.Providers],
            DefaultCapacityProviderStrategy = [.. cluster.DefaultStrategy],
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
                // Other controllers keep task sets, which the rehearsal does not simulate.
                .. service
                    .Deployments.Where(_ => settings.DeploymentController is null)
                    .OrderByDescending(deployment => deployment.Status == "PRIMARY")
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
            DeploymentController = settings.DeploymentController ?? new DeploymentController { Type = DeploymentControllerType.ECS },
            LaunchType = settings.LaunchType,
            CapacityProviderStrategy = settings.CapacityProviderStrategy,
            PlatformVersion = settings.PlatformVersion,
            PlatformFamily = settings.DeploymentController.IsExternal() ? null : "Linux",
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
            CapacityProviderStrategy = service.Settings.CapacityProviderStrategy,
            PlatformVersion = service.Settings.PlatformVersion,
            PlatformFamily = "Linux",
            NetworkConfiguration = service.Settings.NetworkConfiguration,
            RolloutState = deployment.Rollout,
            RolloutStateReason = deployment.Reason,
        };
    }

    internal static Amazon.ECS.Model.Task Shape(this TaskRecord task, ClusterRecord cluster, TaskDefinition definition)
    {
        var arn = task.Arn(cluster.Arn);
        return new Amazon.ECS.Model.Task
        {
            TaskArn = arn,
            ClusterArn = cluster.Arn,
            TaskDefinitionArn = task.TaskDefinition,
            Group = $"service:{task.Service}",
            StartedBy = task.Deployment,
            LaunchType = LaunchType.FARGATE,
            CapacityProviderName = task.Provider,
            LastStatus = task.LastStatus,
            DesiredStatus = task.Wanted ? "RUNNING" : "STOPPED",
            HealthStatus = HealthStatus.FindValue(Health(task)),
            AvailabilityZone = task.Zone,
            Version = task.Version,
            Attachments = task.Address is null ? [] : [Interface(task)],
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
                .. task.Containers.Select(container => new Container
                {
                    TaskArn = arn,
                    Name = container.Name,
                    Image = definition.ContainerDefinitions.Find(defined => defined.Name == container.Name)?.Image,
                    ImageDigest = container.ImageDigest,
                    LastStatus = container.LastStatus,
                    HealthStatus = container.Health is { } health ? HealthStatus.FindValue(health) : HealthStatus.UNKNOWN,
                    ExitCode = container.ExitCode,
                    Reason = container.Reason,
                }),
            ],
        };
    }

    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html</remarks>
    private static string Health(TaskRecord task)
    {
        var checks = task.Containers.Select(container => container.Health).OfType<string>().ToList();
        return task.LastStatus != "RUNNING" || checks.Count == 0 ? "UNKNOWN"
            : checks.Contains("UNHEALTHY") ? "UNHEALTHY"
            : checks.Contains("UNKNOWN") ? "UNKNOWN"
            : "HEALTHY";
    }

    private static Attachment Interface(TaskRecord task) =>
        new()
        {
            Type = "ElasticNetworkInterface",
            Status = task.LastStatus == "STOPPED" ? "DELETED" : "ATTACHED",
            Details =
            [
                new Amazon.ECS.Model.KeyValuePair { Name = "subnetId", Value = task.Subnet },
                new Amazon.ECS.Model.KeyValuePair { Name = "privateIPv4Address", Value = task.Address },
            ],
        };
}
