using System.Text.Json.Nodes;
using Amazon.ECS;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>AWS::ECS::Service on Fargate: done when it is steady with what is wanted, failed when its circuit breaker has
/// tripped.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html</remarks>
internal sealed class ServiceResource(Clusters clusters, TaskDefinitions definitions, Services services) : IResourceType
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public string Name => "AWS::ECS::Service";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        var name = call.NameFrom("ServiceName", 255);
        var properties = call
            .Properties.WithTags(call)
            .With("ServiceName", name)
            .With("DesiredCount", call.Properties.Number("DesiredCount") ?? 1);
        var arn = call.Invoke(ECSModel.Service, "CreateService", properties)["Service"]!["ServiceArn"]!.GetValue<string>();
        return Identity(arn, ("Name", name), ("ServiceArn", arn));
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call)
    {
        var arn = call.Current!.PhysicalId!;
        var properties = call
            .Properties.Without("ServiceName", "LaunchType", "SchedulingStrategy", "DeploymentController", "Tags")
            .With("Service", arn);
        call.Invoke(ECSModel.Service, "UpdateService", properties);
        return Identity(arn, ("Name", Clusters.NameOf(arn)), ("ServiceArn", arn));
    }

    /// <inheritdoc/>
    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("ecs", "DescribeServices", call.Current!.PhysicalId!);
        if (Find(call) is not { Status: "ACTIVE" } service)
        {
            return ResourceReading.Gone;
        }

        if (service.Deployments.Count == 0)
        {
            return new ResourceReading(new JsonObject { ["DesiredCount"] = service.DesiredCount });
        }

        // A template may name a definition by its family alone.
        var wanted = call.Properties.Text("TaskDefinition");
        var isWanted =
            wanted is not null
            && definitions.Find(call.Account, call.Region, wanted)?.Definition.TaskDefinitionArn == service.Primary.TaskDefinition;
        return new ResourceReading(
            new JsonObject
            {
                ["DesiredCount"] = service.DesiredCount,
                ["TaskDefinition"] = isWanted ? wanted : service.Primary.TaskDefinition,
            }
        );
    }

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        if (Find(call) is { Status: "ACTIVE" } service)
        {
            call.Invoke(
                ECSModel.Service,
                "DeleteService",
                new JsonObject
                {
                    ["Cluster"] = service.Cluster,
                    ["Service"] = service.Name,
                    ["Force"] = true,
                }
            );
        }
    }

    /// <inheritdoc/>
    public ResourceProgress Look(ResourceCall call) =>
        Find(call) switch
        {
            null or { Status: "INACTIVE" } or { Status: "ACTIVE", Deployments.Count: 0 } => ResourceProgress.Ready,
            { Status: "ACTIVE" } service when GivenUp(call, service) => ResourceProgress.Failed(
                "Resource handler returned message: \"Error occurred during operation 'ECS Deployment Circuit Breaker was "
                    + "triggered'.\" (HandlerErrorCode: GeneralServiceException)"
            ),
            { Status: "ACTIVE", Steady: true } => ResourceProgress.Ready,
            _ => ResourceProgress.NotYet(LookInterval),
        };

    /// <summary>The deployment of what is wanted has failed, or was rolled back to another definition.</summary>
    private bool GivenUp(ResourceCall call, ServiceRecord service) =>
        service.Primary.Rollout == "FAILED"
        || definitions.Find(call.Account, call.Region, call.Properties.Required("TaskDefinition"))?.Definition.TaskDefinitionArn
            != service.Primary.TaskDefinition;

    /// <summary>By its ARN, which ends with the names of its cluster and its own.</summary>
    private ServiceRecord? Find(ResourceCall call) =>
        call.Current!.PhysicalId!.Split('/') is [.., var cluster, var name]
        && clusters.Find(call.Account, call.Region, cluster) is { } found
            ? services.Find(found, name)
            : null;
}
