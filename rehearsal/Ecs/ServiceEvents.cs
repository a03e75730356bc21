using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.ECS.Model;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>What services report: lines of their event log, and events on the account's bus.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html,
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
/// </remarks>
internal sealed class ServiceEvents(RehearsalWorld world, IEventSource events)
{
    /// <summary>How many lines a service shows.</summary>
    private const int Lines = 100;

    /// <summary>A service with one more line in its event log.</summary>
    internal ServiceRecord Log(ServiceRecord service, string text) =>
        service with
        {
            Messages =
            [
                new ServiceMessage(world.Random.Uuid(), world.Now, $"(service {service.Name}) {text}"),
                .. service.Messages.Take(Lines - 1),
            ],
        };

    /// <summary>A deployment has begun, been completed or failed.</summary>
    internal void Deployment(ServiceRecord service, DeploymentRecord deployment) =>
        Publish(
            service,
            "ECS Deployment State Change",
            new JsonObject
            {
                ["eventType"] = deployment.Rollout == "FAILED" ? "ERROR" : "INFO",
                ["eventName"] = $"SERVICE_DEPLOYMENT_{deployment.Rollout}",
                ["deploymentId"] = deployment.Id,
                ["updatedAt"] = Text(deployment.Updated),
                ["reason"] = deployment.Reason,
            }
        );

    /// <summary>As many tasks run as are wanted.</summary>
    internal void Steady(ServiceRecord service) => Action(service, "INFO", "SERVICE_STEADY_STATE");

    /// <summary>Tasks fail to start again and again.</summary>
    internal void Impaired(ServiceRecord service) => Action(service, "WARN", "SERVICE_TASK_START_IMPAIRED");

    /// <summary>Fargate has no capacity for a task.</summary>
    internal void NotPlaced(ServiceRecord service) => Action(service, "ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", "RESOURCE:FARGATE");

    /// <summary>A task, or one of its containers, has changed its state.</summary>
    internal void Task(ServiceRecord service, TaskRecord task, TaskDefinition definition)
    {
        var arn = task.Arn(service.ClusterArn);
        var stopped = task.LastStatus == "STOPPED";
        var detail = new JsonObject
        {
            ["taskArn"] = arn,
            ["clusterArn"] = service.ClusterArn,
            ["taskDefinitionArn"] = task.TaskDefinition,
            ["group"] = $"service:{task.Service}",
            ["startedBy"] = task.Deployment,
            ["launchType"] = "FARGATE",
            ["lastStatus"] = task.LastStatus,
            ["desiredStatus"] = task.Wanted ? "RUNNING" : "STOPPED",
            ["cpu"] = definition.Cpu,
            ["memory"] = definition.Memory,
            ["version"] = task.Version,
            ["createdAt"] = Text(task.Created),
            ["updatedAt"] = Text(world.Now),
            ["overrides"] = new JsonObject { ["containerOverrides"] = new JsonArray() },
            ["containers"] = new JsonArray([.. task.Containers.Select(container => Container(container, definition, arn, task.Id))]),
        };
        Add(detail, "availabilityZone", task.Zone);
        Add(detail, "startedAt", task.Started);
        Add(detail, "stoppingAt", task.Stopping);
        Add(detail, "stoppedAt", task.Stopped);
        Add(detail, "executionStoppedAt", task.Started is null ? null : task.Stopped);
        Add(detail, "stopCode", stopped ? task.StopCode : null);
        Add(detail, "stoppedReason", stopped ? task.StoppedReason : null);
        events.Publish(service.Account, service.Region, "aws.ecs", "ECS Task State Change", [arn], detail);
    }

    private static JsonObject Container(ContainerRecord container, TaskDefinition definition, string task, string id)
    {
        var detail = new JsonObject
        {
            ["containerArn"] = task.Replace(":task/", ":container/", StringComparison.Ordinal) + $"/{container.Name}",
            ["taskArn"] = task,
            ["name"] = container.Name,
            ["image"] = definition.ContainerDefinitions.Find(defined => defined.Name == container.Name)?.Image,
            ["lastStatus"] = container.LastStatus,
            ["runtimeId"] = $"{id}-{container.Name}",
        };
        Add(detail, "imageDigest", container.ImageDigest);
        Add(detail, "reason", container.Reason);
        if (container.ExitCode is { } code)
        {
            detail["exitCode"] = code;
        }

        return detail;
    }

    private static void Add(JsonObject detail, string name, string? value)
    {
        if (value is not null)
        {
            detail[name] = value;
        }
    }

    private static void Add(JsonObject detail, string name, DateTimeOffset? value) =>
        Add(detail, name, value is { } time ? Text(time) : null);

    private void Action(ServiceRecord service, string type, string name, string? reason = null)
    {
        var detail = new JsonObject
        {
            ["eventType"] = type,
            ["eventName"] = name,
            ["clusterArn"] = service.ClusterArn,
            ["createdAt"] = Text(world.Now),
        };
        Add(detail, "reason", reason);
        Publish(service, "ECS Service Action", detail);
    }

    private void Publish(ServiceRecord service, string type, JsonObject detail) =>
        events.Publish(service.Account, service.Region, "aws.ecs", type, [service.Arn], detail);

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
