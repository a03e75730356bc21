namespace Deployer.Rehearsal.Ecs;

/// <summary>A container of a task.</summary>
public sealed record ContainerRecord
{
    /// <summary>Its name in the task definition.</summary>
    public required string Name { get; init; }

    /// <summary>PENDING, RUNNING or STOPPED.</summary>
    public required string LastStatus { get; init; }

    /// <summary>The digest of its image, for one of ECR.</summary>
    public string? ImageDigest { get; init; }

    /// <summary>What its health check found last: UNKNOWN, HEALTHY or UNHEALTHY; <see langword="null"/> where it has none.</summary>
    public string? Health { get; init; }

    /// <summary>Its exit code once it has ended; <see langword="null"/> for one that never ran.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What ECS says about its end beside the exit code.</summary>
    public string? Reason { get; init; }
}
