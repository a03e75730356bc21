namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>A deployment. Stored under "account/region/id".</summary>
public sealed record Deployment
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary><c>d-</c> and nine characters.</summary>
    public required string Id { get; init; }

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The deployment group.</summary>
    public required string Group { get; init; }

    /// <summary>What is deployed.</summary>
    public required Bundle Revision { get; init; }

    /// <summary>What was deployed before.</summary>
    public Bundle? Previous { get; init; }

    /// <summary>Created, Queued, InProgress, Succeeded, Failed or Stopped.</summary>
    public required string Status { get; init; }

    /// <summary>user, autoscaling, codeDeployRollback or CodeDeployAutoUpdate.</summary>
    public required string Creator { get; init; }

    /// <summary>What the creator said about it.</summary>
    public string? Description { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it began on its first instance.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? Completed { get; init; }

    /// <summary>Why it failed.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Why it failed, in a sentence.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The deployment that rolls this one back.</summary>
    public string? RolledBackBy { get; init; }

    /// <summary>The deployment that this one rolls back.</summary>
    public string? RollsBack { get; init; }

    /// <summary>What is said of a rollback.</summary>
    public string? RollbackMessage { get; init; }

    /// <summary>The instances, in the order in which they are deployed to.</summary>
    public required IReadOnlyList<Target> Targets { get; init; }

    /// <summary>Whether it has not ended.</summary>
    public bool Active => Status is "Created" or "Queued" or "InProgress";

    /// <summary>Whether it serves a new instance of an Auto Scaling group.</summary>
    public bool ForNewInstance => Creator == "autoscaling";
}

/// <summary>A deployment's work on one instance. Status: Pending, InProgress, Succeeded, Failed or Skipped.</summary>
public sealed record Target(string InstanceId, string Status, DateTimeOffset Updated, IReadOnlyList<TargetEvent> Events)
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public bool Ended => Status is "Succeeded" or "Failed" or "Skipped";
}

/// <summary>A lifecycle event on one instance. Status: Pending, InProgress, Succeeded, Failed or Skipped.</summary>
public sealed record TargetEvent(
    string Name,
    string Status,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    EventDiagnostics? Diagnostics = null
);

/// <summary>What a script or the agent says about a lifecycle event that failed.</summary>
public sealed record EventDiagnostics(string ErrorCode, string ScriptName, string Message, string LogTail);
