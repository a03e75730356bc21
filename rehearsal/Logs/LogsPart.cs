using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Logs;

/// <summary>CloudWatch Logs and its resource type.</summary>
internal sealed class LogsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<LogsService>()
            .AddSingleton<LogStore>()
            .AddSingleton<ITagSource>(provider => provider.GetRequiredService<LogStore>())
            .AddSingleton<IResourceType, LogGroupResource>();
}
