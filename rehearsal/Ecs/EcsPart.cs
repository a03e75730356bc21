using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Ecs;

/// <summary>ECS and its resource types.</summary>
internal sealed class EcsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<EcsService>()
            .AddSingleton<Clusters>()
            .AddSingleton<TaskDefinitions>()
            .AddSingleton<Services>()
            .AddSingleton<IResourceType, ClusterResource>()
            .AddSingleton<IResourceType, TaskDefinitionResource>()
            .AddSingleton<IResourceType, ServiceResource>();
}
