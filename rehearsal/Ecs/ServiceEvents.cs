using System.Globalization;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Ecs;

/// <summary>What services report: lines of their event log, and events on the account's bus.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html,
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

    private void Action(ServiceRecord service, string type, string name) =>
        Publish(
            service,
            "ECS Service Action",
            new JsonObject
            {
                ["eventType"] = type,
                ["eventName"] = name,
                ["clusterArn"] = service.ClusterArn,
                ["createdAt"] = Text(world.Now),
            }
        );

    private void Publish(ServiceRecord service, string type, JsonObject detail) =>
        events.Publish(service.Account, service.Region, "aws.ecs", type, [service.Arn], detail);

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
