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
