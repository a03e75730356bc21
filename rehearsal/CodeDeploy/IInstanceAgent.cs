namespace Deployer.Rehearsal.CodeDeploy;

/// <summary>What a lifecycle event does on an instance.</summary>
/// <param name="Duration">How long it takes.</param>
/// <param name="Failure">What went wrong, if it fails after that time.</param>
public sealed record EventOutcome(TimeSpan Duration, EventDiagnostics? Failure = null);

/// <summary>The CodeDeploy agent of instances and the scripts of their revisions. Whoever simulates the instances' software says how events
/// go.</summary>
public interface IInstanceAgent
{
    /// <summary>Whether this agent's software runs on the instances of a deployment group.</summary>
    bool Serves(DeployGroup group);

    /// <summary>A lifecycle event begins.</summary>
    EventOutcome Begin(DeployGroup group, Deployment deployment, string instance, string lifecycleEvent);

    /// <summary>A lifecycle event has succeeded.</summary>
    void Succeeded(DeployGroup group, Deployment deployment, string instance, string lifecycleEvent);
}
