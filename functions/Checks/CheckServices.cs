using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Checks;

/// <summary>What checks are made of, but for those of the kinds of step.</summary>
public static class CheckServices
{
    /// <summary>Registers the checks; those of kinds of step are registered by the kinds.</summary>
    public static IServiceCollection AddChecks(this IServiceCollection services) =>
        services
            .AddSingleton<Checklist>()
            .AddSingleton<IPermissionNeeds, DeployerPermissions>()
            .AddSingleton<ICheck, InstalledStacksCheck>()
            .AddSingleton<ICheck, PermissionsCheck>()
            .AddSingleton<ICheck, ArtifactsCheck>()
            .AddSingleton<ICheck, EventsCheck>()
            .AddSingleton<ICheck, NotificationsCheck>()
            .AddSingleton<ICheck, ConnectionCheck>()
            .AddSingleton<ICheck, QuotasCheck>()
            .AddSingleton<IWaitingCheck, TestEventCheck>();
}
