namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>A CodeDeploy application. Stored under "account/region/name".</summary>
public sealed record DeployApplication(string Id, string Name, string ComputePlatform, DateTimeOffset Created);

/// <summary>Where a revision's bundle lies. Two are the same revision when bucket and key are.</summary>
public sealed record Bundle(string Bucket, string Key, string BundleType);

/// <summary>A registered revision. Stored under "account/region/application/bucket/key".</summary>
public sealed record RegisteredRevision(
    Bundle Bundle,
    string? Description,
    DateTimeOffset Registered,
    DateTimeOffset? FirstUsed,
    DateTimeOffset? LastUsed
);

/// <summary>How a deployment of a group ended last.</summary>
public sealed record LastDeployment(string DeploymentId, string Status, DateTimeOffset Created, DateTimeOffset Ended);

/// <summary>A deployment group. Stored under "account/region/application/name".</summary>
public sealed record DeployGroup
{
    /// <summary>Twelve digits.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>The application.</summary>
    public required string Application { get; init; }

    /// <summary>The group's name.</summary>
    public required string Name { get; init; }

    /// <summary>The role that CodeDeploy uses.</summary>
    public required string ServiceRole { get; init; }

    /// <summary>The Auto Scaling groups that it deploys to.</summary>
    public IReadOnlyList<string> ScalingGroups { get; init; } = [];

    /// <summary>Such as <c>CodeDeployDefault.OneAtATime</c>, the only one that is simulated.</summary>
    public string ConfigName { get; init; } = "CodeDeployDefault.OneAtATime";

    /// <summary>Whether failed deployments are rolled back: enabled, with the event DEPLOYMENT_FAILURE.</summary>
    public bool RollsBackFailures { get; init; }

    /// <summary>The last deployment that succeeded.</summary>
    public LastDeployment? LastSuccessful { get; init; }

    /// <summary>The last deployment that ended in any way.</summary>
    public LastDeployment? LastAttempted { get; init; }

    /// <summary>What new instances get: the revision of the last deployment that succeeded.</summary>
    public Bundle? TargetRevision { get; init; }

    /// <summary>The deployment that runs now, unless it serves new instances only.</summary>
    public string? Active { get; init; }
}

/// <summary>What a script or the agent says about a lifecycle event that failed.</summary>
public sealed record EventDiagnostics(string ErrorCode, string ScriptName, string Message, string LogTail);

/// <summary>A lifecycle event on one instance. Status: Pending, InProgress, Succeeded, Failed or Skipped.</summary>
public sealed record TargetEvent(
    string Name,
    string Status,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    EventDiagnostics? Diagnostics = null
);

/// <summary>A deployment's work on one instance. Status: Pending, InProgress, Succeeded, Failed or Skipped.</summary>
public sealed record Target(string InstanceId, string Status, DateTimeOffset Updated, IReadOnlyList<TargetEvent> Events)
{
    /// <summary>Whether nothing more will happen to it.</summary>
    public bool Ended => Status is "Succeeded" or "Failed" or "Skipped";
}

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

    /// <summary>user, autoscaling or codeDeployRollback.</summary>
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
