using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Capacity;

/// <summary>The compute groups of a service: its stack steps of Datomic's kinds that have instances.</summary>
public static class ComputeGroups
{
    /// <summary>The kind under which the machine <c>deploy</c> is handed a group whose capacity changes.</summary>
    public const string Kind = "capacity";

    /// <summary>The groups, in the order of the file.</summary>
    public static IReadOnlyList<StackStep> In(ServiceSpec spec) =>
        [.. spec.Steps.OfType<StackStep>().Where(step => StackKinds.IsGroup(step.StackKind))];

    /// <summary>
    /// The groups that a deployment is about, wave by wave: the primary group is the first to be turned on and the last to be turned
    /// off.
    /// </summary>
    public static IReadOnlyList<Wave> Waves(ServiceSpec spec, DeploymentRecord deployment)
    {
        var waves = In(spec)
            .Where(step => deployment.Only.Count == 0 || deployment.Only.Contains(step.Name))
            .GroupBy(step => step.StackKind, step => new WaveStep(step.Name, Kind))
            .OrderBy(kind => kind.Key)
            .Select(kind => new Wave([.. kind]));
        return [.. deployment.Capacity == CapacityChange.Off ? waves.Reverse() : waves];
    }
}
