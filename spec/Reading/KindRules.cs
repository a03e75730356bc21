using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;

namespace Deployer.Spec.Reading;

/// <summary>
/// Every step is of a kind that the deployer has an implementation of: here a step is refused of which it has none, and nowhere else.
/// </summary>
internal static class KindRules
{
    public static void Check(ServiceSpec spec, StepKinds kinds, FaultList faults)
    {
        var implemented = kinds.All.Where(kind => kind.IsImplemented).Select(kind => kind.Key);
        foreach (var step in spec.Steps.Where(step => kinds.Find(step.Kind) is { IsImplemented: false }))
        {
            faults.Add(
                step.Position,
                $"the step \"{step.Name}\" is of kind {step.Kind}, which is not supported yet",
                $"one of {string.Join(", ", implemented)}"
            );
        }
    }
}
