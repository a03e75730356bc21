using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Transactors;

/// <summary>What transactors are made of.</summary>
public static class TransactorRegistration
{
    /// <summary>Registers the kind with what it needs.</summary>
    public static IServiceCollection AddTransactors(this IServiceCollection services) =>
        services
            .AddSingleton<ReplaceStandbyWork>()
            .AddSingleton<ReplaceActiveWork>()
            .AddSingleton<WatchWork>()
            .AddSingleton<ICheck, TransactorCheck>()
            .AddSingleton<IStepKind, TransactorStepKind>()
            .AddRemedies(TransactorErrors.Remedies)
            .AddSingleton(new FunctionRole("ReplaceStandby", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton(new FunctionRole("ReplaceActive", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton(new FunctionRole("WatchTransactors", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton<IPermissionNeeds, TransactorPermissions>();
}
