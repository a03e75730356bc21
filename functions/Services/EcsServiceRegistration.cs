using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Services;

/// <summary>What ECS services are made of.</summary>
public static class EcsServiceRegistration
{
    /// <summary>Registers the kind with what it needs.</summary>
    public static IServiceCollection AddEcsServices(this IServiceCollection services) =>
        services
            .AddSingleton<ServiceWork>()
            .AddSingleton<IStepKind, ServiceStepKind>()
            .AddRemedies(ServiceErrors.Remedies)
            .AddSingleton(new FunctionRole("DeployService", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton<IPermissionNeeds, EcsPermissions>()
            .AddSingleton<ICheck, ServiceCheck>();
}
