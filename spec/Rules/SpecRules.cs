using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Rules;

/// <summary>What has to hold between the parts of a file, and between the file and the service's folder.</summary>
internal static class SpecRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, StepKinds kinds, FaultList faults)
    {
        TargetRules.Check(spec, faults);
        ReferenceRules.Check(spec, faults);
        CycleRules.Check(spec, faults);
        KindRules.Check(spec, kinds, faults);
        foreach (var kind in kinds.All)
        {
            kind.Check(spec, folder, faults);
        }
        InstanceRules.Check(spec, kinds, faults);
    }
}
