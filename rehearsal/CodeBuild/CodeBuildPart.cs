using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CodeBuild.Tools;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CodeBuild;

/// <summary>CodeBuild and its resource type.</summary>
internal sealed class CodeBuildPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<CodeBuildService>()
            .AddSingleton<Projects>()
            .AddSingleton<IBuildTool, SimulatedAws>()
            .AddSingleton<IBuildTool, SimulatedCurl>()
            .AddSingleton<IBuildTool, SimulatedSha256Sum>()
            .AddSingleton<IResourceType, ProjectResource>()
            .AddSingleton(provider =>
            {
                var world = provider.GetRequiredService<RehearsalWorld>();
                return new Builds(
                    world,
                    provider.GetRequiredService<IEventSource>(),
                    provider.GetServices<IBuildTool>(),
                    () => world.Api.Endpoint ?? throw new InvalidOperationException("the rehearsal does not listen yet")
                );
            });
}
