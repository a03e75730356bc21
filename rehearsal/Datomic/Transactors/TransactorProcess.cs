namespace Deployer.Rehearsal.Datomic.Transactors;

/// <summary>What a transactor does at a moment.</summary>
public enum TransactorPhase
{
    /// <summary>The JVM loads Datomic.</summary>
    Starting,

    /// <summary>It looks for the heartbeats of another one.</summary>
    Standby,

    /// <summary>It writes heartbeats, and peers write by it.</summary>
    Active,
}

/// <summary>A transactor that runs in a task.</summary>
public sealed record TransactorProcess
{
    /// <summary>The account of its task and of its table.</summary>
    public required string Account { get; init; }

    /// <summary>The region of its table.</summary>
    public required string Region { get; init; }

    /// <summary>The storage.</summary>
    public required string Table { get; init; }

    /// <summary>The dimension of its metrics.</summary>
    public required string Name { get; init; }

    /// <summary>The task's id.</summary>
    public required string Task { get; init; }

    /// <summary>The service's name.</summary>
    public required string Service { get; init; }

    /// <summary>The address that it writes to the storage.</summary>
    public required string Host { get; init; }

    /// <summary>The role of its task; <see langword="null"/> for a task without one, which reaches nothing.</summary>
    public required string? Role { get; init; }

    /// <summary>The ARN of its task's definition.</summary>
    public string Definition { get; init; } = string.Empty;

    /// <summary>The time between two heartbeats.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>What it does.</summary>
    public TransactorPhase Phase { get; init; }

    /// <summary>The heartbeat that it saw or wrote last; <see langword="null"/> where there was none.</summary>
    public Heartbeat? Seen { get; init; }

    /// <summary>How many heartbeats in a row did not come.</summary>
    public int Missed { get; init; }

    /// <summary>When it became active; <see langword="null"/> for one that is not.</summary>
    public DateTimeOffset? ActiveSince { get; init; }

    /// <summary>Whether peers that were there before keep their connections to the former one.</summary>
    public bool LosesPeers { get; init; }

    /// <summary>The minute since 1970 in which it published its counts last.</summary>
    public long Counted { get; init; }

    /// <summary>Whether something is wrong with it, which it reports each minute.</summary>
    public bool Alarms { get; init; }
}

/// <summary>A heartbeat in the storage.</summary>
/// <param name="Revision">Grows with each one.</param>
/// <param name="Timestamp">When it was written, in milliseconds since 1970.</param>
/// <param name="Host">Where the active transactor is.</param>
public sealed record Heartbeat(long Revision, long Timestamp, string Host);
