using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CodeConnections;

/// <summary>CodeConnections: the connections to git hosts, and their resource type.</summary>
internal sealed class CodeConnectionsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services.AddService<CodeConnectionsService>().AddSingleton<HostConnections>().AddSingleton<IResourceType, ConnectionResource>();
}
