using Deployer.Functions.Ledger;

namespace Deployer.Functions.Logs;

/// <summary>What the lines of an invocation are about.</summary>
/// <param name="deployment">The deployment or the plan; <see langword="null"/> before it is known.</param>
/// <param name="step">The step's name.</param>
/// <param name="task">The step's task.</param>
public sealed class LogScope(DeploymentId? deployment, string? step = null, string? task = null)
{
    /// <summary>The deployment or the plan.</summary>
    public DeploymentId? Deployment { get; } = deployment;

    /// <summary>The step's name.</summary>
    public string? Step { get; } = step;

    /// <summary>The step's task.</summary>
    public string? Task { get; } = task;

    /// <summary>The target's account; <see langword="null"/> until it is known, and lines have the function's own.</summary>
    public string? Account { get; set; }
}
