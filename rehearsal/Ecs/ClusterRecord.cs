using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A cluster. Stored under "account/region/name".</summary>
public sealed record ClusterRecord(string Account, string Region, string Name, IReadOnlyList<Tag> Tags)
{
    /// <summary>The capacity providers that its services may name.</summary>
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>The strategy of services with neither one of their own nor a launch type.</summary>
    public IReadOnlyList<CapacityProviderStrategyItem> DefaultStrategy { get; init; } = [];

    /// <summary>The cluster's ARN.</summary>
    public string Arn => $"arn:aws:ecs:{Region}:{Account}:cluster/{Name}";
}
