using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Ecr;

/// <summary>ECR and its resource type.</summary>
internal sealed class EcrPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services.AddService<EcrService>().AddSingleton<Repositories>().AddSingleton<IResourceType, RepositoryResource>();
}
