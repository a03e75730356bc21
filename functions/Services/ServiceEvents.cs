using System.Text.Json.Serialization;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Services;

/// <summary>The events about deployments of ECS services.</summary>
internal static class ServiceEvents
{
    /// <summary>What became of a deployment.</summary>
    public static readonly EventSource Deployments = EventSource.WithDetail(
        "aws.ecs",
        ServiceEventDocuments.Default.EcsDeploymentDetail,
        detail => detail.DeploymentId
    );

    /// <summary>A deployment of a service that has come to an end, whoever began it.</summary>
    public static readonly WatchedSource Ended = WatchedSource.WithDetail(
        "aws.ecs",
        ServiceEventDocuments.Default.EcsDeploymentDetail,
        (happened, detail) =>
            happened.Resources is [{ Length: > 0 } service, ..]
            && detail is { DeploymentId: { } id, EventName: "SERVICE_DEPLOYMENT_COMPLETED" or "SERVICE_DEPLOYMENT_FAILED" }
                ? new OutsideEvent(service, detail.EventName, id)
                : null
    );

    /// <summary>What is watched of services: themselves, and the stacks that made them.</summary>
    /// <param name="run">The step.</param>
    /// <param name="services">ARNs of the services.</param>
    public static async Task<IReadOnlyList<string>> Watched(StepRun run, params IReadOnlyList<string> services) =>
        [.. services, .. await OwningStacks.Find(run.Account, services)];
}

/// <summary>The detail of "ECS Deployment State Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html</remarks>
/// <param name="DeploymentId">The deployment's id.</param>
/// <param name="EventName">What became of it.</param>
internal sealed record EcsDeploymentDetail(
    [property: JsonPropertyName("deploymentId")] string? DeploymentId,
    [property: JsonPropertyName("eventName")] string? EventName = null
);

/// <summary>How details of these events are read.</summary>
[JsonSerializable(typeof(EcsDeploymentDetail))]
internal sealed partial class ServiceEventDocuments : JsonSerializerContext;
