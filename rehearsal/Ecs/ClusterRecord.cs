using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A cluster. Stored under "account/region/name".</summary>
public sealed record ClusterRecord(string Account, string Region, string Name, IReadOnlyList<Tag> Tags)
{
    /// <summary>The cluster's ARN.</summary>
    public string Arn => $"arn:aws:ecs:{Region}:{Account}:cluster/{Name}";
}
