using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Rehearsal.Iam;

/// <summary>IAM judges requests, says what a role may do, and has its resource types.</summary>
internal sealed class IamPart : IServicePart
{
    /// <inheritdoc/>
    public void Add(IServiceCollection services) =>
        services
            .AddService<IamService>()
            .AddSingleton<Roles>()
            .AddSingleton<IAuthorizer, Authorizer>()
            .AddSingleton<IResourceType, RoleResource>()
            .AddSingleton<IResourceType, PolicyResource>()
            .AddSingleton<IResourceType, ManagedPolicyResource>();

    /// <inheritdoc/>
    public void Start(IServiceProvider services)
    {
        services.GetRequiredService<RehearsalWorld>().Api.Authorizer = services.GetRequiredService<IAuthorizer>();
    }
}
