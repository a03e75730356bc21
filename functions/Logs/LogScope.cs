using Deployer.Functions.Ledger;

namespace Deployer.Functions.Logs;

/// <summary>What the lines of an invocation are about.</summary>
/// <param name="deployment">The deployment or the plan; <see langword="null"/> before it is known.</param>
/// <param name="step">The step's name.</param>
/// <param name="task">The step's task.</param>
public sealed class LogScope(DeploymentId? deployment, string? step = null, string? task = null)
{
    /// <summary>The deployment or the plan; <see langword="null"/> until it is known.</summary>
    public DeploymentId? Deployment { get; set; } = deployment;

    /// <summary>The step's name.</summary>
    public string? Step { get; private set; } = step;

    /// <summary>The step's task.</summary>
    public string? Task { get; private set; } = task;

    /// <summary>The target's account; <see langword="null"/> until it is known, and lines have the function's own.</summary>
    public string? Account { get; set; }

    /// <summary>Names the task that is looked at from now on, by an invocation that looks at several.</summary>
    /// <param name="wait">What waits; <see langword="null"/> when nothing of a task is done any more.</param>
    public void LookAt(WaitRecord? wait) => (Deployment, Step, Task) = (wait?.Deployment, wait?.Step, wait?.Task);
}
