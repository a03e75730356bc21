namespace Deployer.Rehearsal.Ecs;

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
