using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Sts;

/// <summary>STS, which also knows who stands behind the access keys of all requests.</summary>
internal sealed class StsPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddService<StsService>().AddSingleton<Sessions>();

    /// <inheritdoc/>
    public void Start(IServiceProvider services)
    {
        services.GetRequiredService<RehearsalWorld>().Api.Authenticator = services.GetRequiredService<Sessions>();
    }
}
