using Deployer.Functions.Accounts;
using Deployer.Functions.Steps;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Everything that goes into a deployment of ions.</summary>
public static class IonInputs
{
    /// <summary>Digest of the ion folder's content and the group. The same content is the same release, whatever the commit.</summary>
    public static string Digest(StepRun run) => Names.Digest($"{Content(run)} {run.Text(run.Step<IonsStep>().Group)}");

    /// <summary>Digest of the ion folder's content.</summary>
    public static string Content(StepRun run) => ContentDigest.Compute(run.Source.Folder, run.Step<IonsStep>().Folder);
}
