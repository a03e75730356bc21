using Deployer.Spec.Faults;
using Deployer.Spec.Sources;

namespace Deployer.Spec.Rules;

/// <summary>What has to hold between the parts of a file, and between the file and the service's folder.</summary>
internal static class SpecRules
{
    public static void Check(ServiceSpec spec, ISourceFolder folder, FaultList faults)
    {
        TargetRules.Check(spec, faults);
        ReferenceRules.Check(spec, faults);
        CycleRules.Check(spec, faults);
        StackRules.Check(spec, faults);
        DatomicRules.Check(spec, faults);
        TemplateRules.Check(spec, folder, faults);
        IonsRules.Check(spec, folder, faults);
        EndpointRules.Check(spec, faults);
        InstanceRules.Check(spec, faults);
    }
}
