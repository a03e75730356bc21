using Amazon.ECS;
using Amazon.ECS.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Ecs;

/// <summary>
/// The capacity providers of Fargate: the strategy that a service has, and the provider of its next task. That AWS ends tasks of
/// FARGATE_SPOT is not simulated.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html</remarks>
internal static class FargateProviders
{
    private const int MostProviders = 20;
    private const int MostBase = 100_000;
    private const int MostWeight = 1_000;

    /// <summary>
    /// The strategy of a service: its own, or that of its cluster where it has no launch type either; <see langword="null"/> for one with a
    /// launch type.
    /// </summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html. The texts are those of
    /// https://github.com/dask/dask-cloudprovider/issues/328 and of Terraform's users.
    /// </remarks>
    /// <exception cref="ApiException">AWS would refuse it, or the rehearsal does not simulate a provider.</exception>
    public static List<CapacityProviderStrategyItem>? ChooseStrategy(
        ClusterRecord cluster,
        LaunchType? launchType,
        List<CapacityProviderStrategyItem>? wanted
    )
    {
        if (wanted is not { Count: > 0 })
        {
            return launchType is null && cluster.DefaultStrategy.Count > 0 ? [.. Checked(cluster, cluster.DefaultStrategy)] : null;
        }

        return launchType is null
            ? [.. Checked(cluster, wanted)]
            : throw Invalid("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
    }

    /// <summary>The provider of a service's next task; <see langword="null"/> without a strategy.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="tasks">The tasks that it has already.</param>
    public static string? Next(List<CapacityProviderStrategyItem>? strategy, IReadOnlyList<TaskRecord> tasks)
    {
        if (strategy is not { Count: > 0 })
        {
            return null;
        }

        var usable = strategy.Count == 1 ? strategy : strategy.FindAll(item => item.Weight > 0 || item.Base > 0);
        return (
            usable.Find(item => Count(item) < (item.Base ?? 0))
            ?? usable
                .Where(item => strategy.Count == 1 || item.Weight > 0)
                .MinBy(item => (double)Above(item) / Math.Max(item.Weight ?? 0, 1))
        )?.CapacityProvider;

        int Count(CapacityProviderStrategyItem item) => tasks.Count(task => task.Provider == item.CapacityProvider);

        int Above(CapacityProviderStrategyItem item) => Math.Max(Count(item) - (item.Base ?? 0), 0);
    }

    private static IReadOnlyList<CapacityProviderStrategyItem> Checked(
        ClusterRecord cluster,
        IReadOnlyList<CapacityProviderStrategyItem> strategy
    )
    {
        if (strategy.FirstOrDefault(item => item.CapacityProvider is not ("FARGATE" or "FARGATE_SPOT")) is { } other)
        {
            throw Invalid($"The rehearsal simulates the capacity providers FARGATE and FARGATE_SPOT only, not {other.CapacityProvider}.");
        }

        return strategy.Any(item => !cluster.Providers.Contains(item.CapacityProvider))
                ? throw Invalid(
                    "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. "
                        + "Associate the capacity provider with the cluster or specify a valid capacity provider and try again."
                )
            : strategy.Any(item => item.Weight is < 0 or > MostWeight || item.Base is < 0 or > MostBase)
                ? throw Invalid($"A weight is from 0 to {MostWeight}, and a base from 0 to {MostBase}.")
            : strategy.Count(item => item.Base > 0) > 1
                ? throw Invalid("Only one capacity provider in a capacity provider strategy can have a base defined.")
            : strategy.Count > 1 && strategy.All(item => item.Weight is null or 0)
                ? throw Invalid("At least one of the capacity providers must have a weight value greater than zero.")
            : strategy.Count > MostProviders || strategy.Select(item => item.CapacityProvider).Distinct().Count() < strategy.Count
                ? throw Invalid($"A capacity provider strategy has at most {MostProviders} capacity providers, each of them once.")
            : strategy;
    }

    private static ApiException Invalid(string message) => new("InvalidParameterException", message);
}
