using Deployer.Spec.Faults;
using Deployer.Spec.Kinds;
using Deployer.Spec.Rules;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Reading;

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
        EcsServiceRules.Check(spec, faults);
        InstanceRules.Check(spec, faults);
        CheckInstances(spec, kinds, faults);
    }

    /// <summary>Each kind says itself what its steps may not be in a development instance.</summary>
    private static void CheckInstances(ServiceSpec spec, StepKinds kinds, FaultList faults)
    {
        foreach (var named in spec.Targets.SelectMany(target => target.Instances?.Steps ?? []))
        {
            if (spec.Step(named.Name) is { } step)
            {
                kinds.Find(step.Kind)?.CheckInstance(step, named, faults);
            }
        }
    }
}
