using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CloudWatch;

/// <summary>CloudWatch.</summary>
internal sealed class CloudWatchPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddService<CloudWatchService>().AddSingleton<MetricStore>();
}
