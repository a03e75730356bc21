using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Ssm;

/// <summary>SSM and its resource type.</summary>
internal sealed class SsmPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services.AddService<SsmService>().AddSingleton<ParameterStore>().AddSingleton<IResourceType, ParameterResource>();
}
