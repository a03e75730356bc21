using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.AutoScaling;

/// <summary>Auto Scaling and its resource type.</summary>
internal sealed class AutoScalingPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services.AddService<AutoScalingService>().AddSingleton<ScalingGroups>().AddSingleton<IResourceType, AutoScalingGroupResource>();
}
