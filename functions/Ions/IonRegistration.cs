using Deployer.Functions.Errors;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Ions;

/// <summary>What ions are made of.</summary>
public static class IonRegistration
{
    /// <summary>Registers the kind with what it needs, and the capacity of compute groups.</summary>
    public static IServiceCollection AddIons(this IServiceCollection services) =>
        services
            .AddSingleton<BuildLog>()
            .AddSingleton<IonBuilds>()
            .AddSingleton<Revisions>()
            .AddSingleton<IReleasedCommits>(provider => provider.GetRequiredService<Revisions>())
            .AddSingleton<ReleasedLibraries>()
            .AddSingleton<PushWork>()
            .AddSingleton<DeployWork>()
            .AddSingleton<CapacityWork>()
            .AddSingleton<IGroupCapacityWork>(provider => provider.GetRequiredService<CapacityWork>())
            .AddSingleton(
                new FunctionRole(
                    "PushIons",
                    RolePolicy.Function,
                    RolePolicy.Answer,
                    RolePolicy.Step,
                    RolePolicy.Promotion,
                    RolePolicy.BuildResult,
                    RolePolicy.Build
                )
            )
            .AddSingleton(
                new FunctionRole(
                    "DeployIons",
                    RolePolicy.Function,
                    RolePolicy.Answer,
                    RolePolicy.Step,
                    RolePolicy.BuildResult,
                    RolePolicy.Build
                )
            )
            .AddSingleton(new FunctionRole("ChangeCapacity", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton<IPermissionNeeds, IonPermissions>()
            .AddSingleton<IPermissionNeeds, IonBuildPermissions>()
            .AddSingleton<ICheck, CodeBucketCheck>()
            .AddSingleton<ICheck, IonGroupCheck>()
            .AddSingleton<ICheck, IonQuotasCheck>()
            .AddSingleton<IWaitingCheck, IonBuildCheck>()
            .AddSingleton<IStepKind, IonsStepKind>()
            .AddRemedies(IonErrors.Remedies);
}
