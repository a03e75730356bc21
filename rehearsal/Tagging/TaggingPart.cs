using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Tagging;

/// <summary>The Resource Groups Tagging API, over the tags that other parts register.</summary>
internal sealed class TaggingPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddService<TaggingService>();
}
