using Deployer.Rehearsal.CodeDeploy;

namespace Deployer.Rehearsal.Tests.CodeDeploy;

/// <summary>Fails one lifecycle event of one revision on the instances that are chosen.</summary>
internal sealed class FailingAgent(string revision, string lifecycleEvent, Func<Deployment, string, bool> where) : IInstanceAgent
{
    public bool Serves(DeployGroup group) => true;

    public EventOutcome Begin(DeployGroup group, Deployment deployment, string instance, string name) =>
        name == lifecycleEvent && deployment.Revision == Fleet.Revision(revision) && where(deployment, instance)
            ? new EventOutcome(
                TimeSpan.FromSeconds(90),
                new EventDiagnostics("ScriptFailed", "scripts/validate", "exit code 1", "no answer")
            )
            : new EventOutcome(TimeSpan.FromSeconds(10));

    public void Succeeded(DeployGroup group, Deployment deployment, string instance, string name) { }
}
