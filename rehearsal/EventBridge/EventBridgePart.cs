using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>EventBridge, the bus that other services publish to, and its resource types.</summary>
internal sealed class EventBridgePart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<EventBridgeService>()
            .AddSingleton<EventBuses>()
            .AddSingleton<EventRouter>()
            .AddSingleton<ITagSource, RuleTags>()
            .AddSingleton<IResourceType, RuleResource>()
            .AddSingleton<IResourceType, EventBusResource>()
            .AddSingleton<IResourceType, EventBusPolicyResource>()
            .AddSingleton<IEventSource>(provider => provider.GetRequiredService<EventRouter>());
}
