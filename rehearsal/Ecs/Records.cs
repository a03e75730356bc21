using Amazon.ECS.Model;

namespace Deployer.Rehearsal.Ecs;

/// <summary>A cluster. Stored under "account/region/name".</summary>
public sealed record ClusterRecord(string Account, string Region, string Name, IReadOnlyList<Tag> Tags)
{
    /// <summary>The cluster's ARN.</summary>
    public string Arn => $"arn:aws:ecs:{Region}:{Account}:cluster/{Name}";
}

/// <summary>A revision of a task definition. Stored under "account/region/family/revision", the revision in nine digits.</summary>
/// <param name="Definition">As it is described.</param>
/// <param name="Tags">Its tags, which are described apart.</param>
public sealed record DefinitionRecord(TaskDefinition Definition, IReadOnlyList<Tag> Tags);

/// <summary>One rollout of a service. It is shown until another one has replaced it.</summary>
public sealed record DeploymentRecord
{
    /// <summary><c>ecs-svc/</c> and 19 digits.</summary>
    public required string Id { get; init; }

    /// <summary>PRIMARY for the newest one, ACTIVE for those that it replaces.</summary>
    public required string Status { get; init; }

    /// <summary>The ARN of the revision that its tasks run.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>IN_PROGRESS, COMPLETED or FAILED.</summary>
    public required string Rollout { get; init; }

    /// <summary>Why the rollout is in this state.</summary>
    public required string Reason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When its state changed last.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>Whether the service once reached a steady state with it: what a rollback returns to.</summary>
    public bool Proven { get; init; }

    /// <summary>Tasks that did not start, since the last one that did.</summary>
    public int FailedTasks { get; init; }

    /// <summary>No task is launched before this moment: the pause after tasks that did not start.</summary>
    public DateTimeOffset NotBefore { get; init; }
}

/// <summary>A line of a service's event log.</summary>
public sealed record ServiceMessage(string Id, DateTimeOffset Time, string Text);

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

    /// <summary>The deployment whose tasks are wanted.</summary>
    public DeploymentRecord Primary => Deployments.First(deployment => deployment.Status == "PRIMARY");
}

/// <summary>A task of a service. Stored under "account/region/cluster/id".</summary>
public sealed record TaskRecord
{
    /// <summary>32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The service that wants it.</summary>
    public required string Service { get; init; }

    /// <summary>The deployment that started it.</summary>
    public required string Deployment { get; init; }

    /// <summary>The ARN of the revision that it runs.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>PENDING, RUNNING, STOPPING or STOPPED.</summary>
    public required string LastStatus { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it ran first.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When its end began.</summary>
    public DateTimeOffset? Stopping { get; init; }

    /// <summary>When it had ended.</summary>
    public DateTimeOffset? Stopped { get; init; }

    /// <summary>Why it ended, as a constant of the API.</summary>
    public string? StopCode { get; init; }

    /// <summary>Why it ended, in a sentence.</summary>
    public string? StoppedReason { get; init; }

    /// <summary>Whether it is meant to run.</summary>
    public bool Wanted => LastStatus is "PENDING" or "RUNNING";
}
