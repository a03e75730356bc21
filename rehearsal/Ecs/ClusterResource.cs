using System.Text.Json.Nodes;
using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.CloudFormation.ResourceTypes.Attributes;

namespace Deployer.Rehearsal.Ecs;

/// <summary>AWS::ECS::Cluster. Its settings have no effect in a rehearsal.</summary>
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
        var name = call.NameFrom("ClusterName", 255);
        call.Invoke(
            ECSModel.Service,
            "CreateCluster",
            new JsonObject
            {
                ["ClusterName"] = name,
                ["CapacityProviders"] = call.Properties["CapacityProviders"]?.DeepClone(),
                ["DefaultCapacityProviderStrategy"] = call.Properties["DefaultCapacityProviderStrategy"]?.DeepClone(),
            }.WithTags(call)
        );
        return Identity(name, ("Arn", call.Arn("ecs", $"cluster/{name}")));
    }

    /// <inheritdoc/>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateCluster.html</remarks>
    public ResourceIdentity Update(ResourceCall call)
    {
        var cluster =
            clusters.Find(call.Account, call.Region, call.Current!.PhysicalId)
            ?? throw new ApiException("ClusterNotFoundException", "Cluster not found.");
        if (call.Changes("ClusterSettings", "Configuration"))
        {
            call.Authorize("ecs", "UpdateCluster", cluster.Arn);
        }

        if (call.Changes("CapacityProviders", "DefaultCapacityProviderStrategy"))
        {
            call.Authorize("ecs", "PutClusterCapacityProviders", cluster.Arn);
            cluster = cluster with
            {
                Providers = [.. Items(call, "CapacityProviders").Select(name => name.GetValue<string>())],
                DefaultStrategy =
                [
                    .. Items(call, "DefaultCapacityProviderStrategy")
                        .OfType<JsonObject>()
                        .Select(item => new CapacityProviderStrategyItem
                        {
                            CapacityProvider = item.Text("CapacityProvider"),
                            Weight = item.Number("Weight"),
                            Base = item.Number("Base"),
                        }),
                ],
            };
            clusters.Put(cluster);
        }

        if (call.ChangesTags(cluster.Tags.ToDictionary(tag => tag.Key, tag => tag.Value)))
        {
            call.Authorize("ecs", "TagResource", cluster.Arn);
            clusters.Put(cluster with { Tags = call.Tags().AsShapes() });
        }

        return new ResourceIdentity(cluster.Name, call.Current.Attributes);
    }

    /// <inheritdoc/>
    public ResourceReading? Read(ResourceCall call)
    {
        call.Authorize("ecs", "DescribeClusters", call.Arn("ecs", $"cluster/{call.Current!.PhysicalId}"));
        return clusters.Find(call.Account, call.Region, call.Current.PhysicalId) is null
            ? ResourceReading.Gone
            : new ResourceReading(new JsonObject());
    }

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

    private static IEnumerable<JsonNode> Items(ResourceCall call, string property) =>
        (call.Properties[property] as JsonArray)?.OfType<JsonNode>() ?? [];
}
