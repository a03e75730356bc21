namespace Deployer.Rehearsal.Ecs;

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

    /// <summary>Its capacity provider; <see langword="null"/> for one of a service with a launch type.</summary>
    public string? Provider { get; init; }

    /// <summary>PENDING, RUNNING, DEACTIVATING while its targets drain, STOPPING or STOPPED.</summary>
    public required string LastStatus { get; init; }

    /// <summary>Its containers, in the order of the task definition.</summary>
    public IReadOnlyList<ContainerRecord> Containers { get; init; } = [];

    /// <summary>What the load balancer found: initial or healthy; <see langword="null"/> where there is none.</summary>
    public string? TargetHealth { get; init; }

    /// <summary>The subnet of its network interface.</summary>
    public string? Subnet { get; init; }

    /// <summary>The availability zone of that subnet.</summary>
    public string? Zone { get; init; }

    /// <summary>The private address of its network interface.</summary>
    public string? Address { get; init; }

    /// <summary>How often it has changed, which tells its events apart.</summary>
    public int Version { get; init; }

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

    /// <summary>The task's ARN.</summary>
    /// <param name="cluster">The ARN of its cluster.</param>
    public string Arn(string cluster) => $"{cluster.Replace(":cluster/", ":task/", StringComparison.Ordinal)}/{Id}";

    /// <summary>Whether it is meant to run.</summary>
    public bool Wanted => LastStatus is "PENDING" or "RUNNING";

    /// <summary>
    /// Whether it runs and every health check of its containers, and of its load balancer, has succeeded, which a deployment waits for.
    /// </summary>
    /// <remarks>https://docs.aws.amazon.com/AmazonECS/latest/developerguide/healthcheck.html: the states of a task and a service.</remarks>
    public bool Serves =>
        LastStatus == "RUNNING" && TargetHealth is null or "healthy" && Containers.All(container => container.Health is null or "HEALTHY");
}
