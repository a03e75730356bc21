using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Microsoft.Extensions.DependencyInjection;

namespace Deployer.Functions.Stacks;

/// <summary>What stacks are made of.</summary>
public static class StackRegistration
{
    /// <summary>Registers the kind with what it needs, but for <see cref="IGroupCapacityWork"/>.</summary>
    public static IServiceCollection AddStacks(this IServiceCollection services) =>
        services
            .AddSingleton<StackComparison>()
            .AddSingleton<StackWork>()
            .AddSingleton<StackRemoval>()
            .AddSingleton<StackPlanner>()
            .AddSingleton<StackDrift>()
            .AddSingleton(new FunctionRole("PrepareStack", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step, RolePolicy.Package))
            .AddSingleton(new FunctionRole("UpdateStack", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step, RolePolicy.Package))
            .AddSingleton(new FunctionRole("RemoveStack", RolePolicy.Function, RolePolicy.Answer, RolePolicy.Step))
            .AddSingleton<IPermissionNeeds, StackPermissions>()
            .AddSingleton<ICheck, StackCheck>()
            .AddSingleton<IStepKind, StackStepKind>()
            .AddRemedies(StackErrors.Remedies);
}
