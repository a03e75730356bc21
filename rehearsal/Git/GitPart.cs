using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Git;

/// <summary>The repositories of the simulated git host.</summary>
internal sealed class GitPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) => services.AddSingleton<Repositories>();
}
