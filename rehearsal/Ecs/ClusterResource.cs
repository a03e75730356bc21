using System.Text.Json.Nodes;
using Amazon.ECS;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>AWS::ECS::Cluster.</summary>
/// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html</remarks>
internal sealed class ClusterResource(Clusters clusters, Services services) : IResourceType
{
    /// <inheritdoc/>
    public string Name => "AWS::ECS::Cluster";

    /// <inheritdoc/>
    public SimulatedDuration Duration(ResourceCall call) => Durations.Resource;

    /// <inheritdoc/>
    public ResourceIdentity Create(ResourceCall call)
    {
        call.Only("ClusterName", "Tags");
        var name = call.NameFrom("ClusterName", 255);
        call.Invoke(ECSModel.Service, "CreateCluster", new JsonObject { ["ClusterName"] = name }.WithTags(call));
        return Identity(name, ("Arn", call.Arn("ecs", $"cluster/{name}")));
    }

    /// <inheritdoc/>
    public ResourceIdentity Update(ResourceCall call) =>
        throw new ApiException("InvalidRequest", "The rehearsal does not simulate changes of a cluster in place.");

    /// <inheritdoc/>
    public void Delete(ResourceCall call)
    {
        if (clusters.Find(call.Account, call.Region, call.Current!.PhysicalId) is not { } cluster)
        {
            return;
        }

        call.Authorize("ecs", "DeleteCluster", cluster.Arn);
        if (services.Of(cluster).Any(service => service.Status != "INACTIVE"))
        {
            throw new ApiException("ClusterContainsServicesException", "The Cluster cannot be deleted while Services are active.");
        }

        clusters.Delete(cluster);
    }
}
