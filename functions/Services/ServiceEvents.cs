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
}

/// <summary>The detail of "ECS Deployment State Change", as far as it is read.</summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html</remarks>
/// <param name="DeploymentId">The deployment's id.</param>
internal sealed record EcsDeploymentDetail([property: JsonPropertyName("deploymentId")] string? DeploymentId);

/// <summary>How details of these events are read.</summary>
[JsonSerializable(typeof(EcsDeploymentDetail))]
internal sealed partial class ServiceEventDocuments : JsonSerializerContext;
