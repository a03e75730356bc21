using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Endpoints;

/// <summary>What endpoints are made of.</summary>
public static class EndpointRegistration
{
    /// <summary>Registers the kind with what it needs.</summary>
    public static IServiceCollection AddEndpoints(this IServiceCollection services) =>
        services
            .AddSingleton<EndpointWork>()
            .AddSingleton(new FunctionRole("ResolveEndpoint", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton(new FunctionRole("InjectEndpoint", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton<IPermissionNeeds, EndpointPermissions>()
            .AddSingleton<IStepKind, EndpointStepKind>()
            .AddRemedies(EndpointErrors.Remedies);
}
