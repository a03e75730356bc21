using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CloudFormation;

/// <summary>CloudFormation, over the resource types that other parts register.</summary>
internal sealed class CloudFormationPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<CloudFormationService>()
            .AddSingleton<ITagSource>(provider => provider.GetRequiredService<CloudFormationService>())
            .AddSingleton<ResourceTypeCatalogue>()
            .AddSingleton<IResourceTypeGroup, RecordedOthers>();
}
