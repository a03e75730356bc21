using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.Wire;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>CodeDeploy and its resource types.</summary>
internal sealed class CodeDeployPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<CodeDeployService>()
            .AddSingleton<DeployGroups>()
            .AddSingleton<ITagSource>(provider => provider.GetRequiredService<DeployGroups>())
            .AddSingleton<Deployments>()
            .AddSingleton<IResourceType, ApplicationResource>()
            .AddSingleton<IResourceType, DeploymentGroupResource>();
}
