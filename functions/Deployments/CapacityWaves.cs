using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Deployments;

/// <summary>The steps of a service whose capacity can be changed, such as compute groups, as their kinds answer.</summary>
public sealed class CapacityWaves(StepKindRegistry kinds)
{
    /// <summary>Those steps, in the order of the file.</summary>
    public IReadOnlyList<StepSpec> Steps(ServiceSpec spec) =>
        [.. spec.Steps.Where(step => kinds.Find(step.Kind).Capacity(step) is not null)];

    /// <summary>
    /// The steps that a deployment is about, wave by wave: what is turned on first is turned off last.
    /// </summary>
    public IReadOnlyList<Wave> Waves(ServiceSpec spec, DeploymentRecord deployment)
    {
        var waves = Steps(spec)
            .Where(step => deployment.Only.Count == 0 || deployment.Only.Contains(step.Name))
            .Select(step => (step.Name, Capacity: kinds.Find(step.Kind).Capacity(step)!))
            .GroupBy(step => step.Capacity.Order, step => new WaveStep(step.Name, step.Capacity.Branch))
            .OrderBy(wave => wave.Key)
            .Select(wave => new Wave([.. wave]));
        return [.. deployment.Capacity == CapacityChange.Off ? waves.Reverse() : waves];
    }
}
