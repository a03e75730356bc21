using System.Text.Json.Serialization;
using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A service. Stored under "account/region/cluster/name".</summary>
public sealed record ServiceRecord
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>ACTIVE, DRAINING while a deleted one's tasks stop, INACTIVE after that.</summary>
    public string Status { get; init; } = "ACTIVE";

    /// <summary>How many tasks there should be.</summary>
    public required int DesiredCount { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>What it was asked for and the rehearsal only returns as given: network, load balancers, platform, tags and the
    /// like.</summary>
    public required Service Settings { get; init; }

    /// <summary>The deployments that are not replaced yet, newest first.</summary>
    public IReadOnlyList<DeploymentRecord> Deployments { get; init; } = [];

    /// <summary>The event log, newest first.</summary>
    public IReadOnlyList<ServiceMessage> Messages { get; init; } = [];

    /// <summary>Whether as many tasks run as are wanted, all of the newest deployment.</summary>
    public bool Steady { get; init; }

    /// <summary>The service's ARN.</summary>
    public string Arn => $"arn:aws:ecs:{Region}:{Account}:service/{Cluster}/{Name}";

    /// <summary>The cluster's ARN.</summary>
    public string ClusterArn => $"arn:aws:ecs:{Region}:{Account}:cluster/{Cluster}";

    /// <summary>The deployment whose tasks are wanted; a service that is deleted and whose tasks have stopped has none.</summary>
    [JsonIgnore]
    public DeploymentRecord Primary => Deployments.First(deployment => deployment.Status == "PRIMARY");
}

/// <summary>A line of a service's event log.</summary>
public sealed record ServiceMessage(string Id, DateTimeOffset Time, string Text);
