using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>The version of ion-dev is written in one place.</summary>
internal static class IonDevRules
{
    public static void Check(IonsStep step, DepsEdn deps, FaultList faults)
    {
        // A project's alias replaces the build's own of the same name, so that what the step says would be ignored.
        if (step.IonDev is { } wanted && deps.IonDevAlias is { } alias && deps.IonDevVersion != wanted)
        {
            faults.Add(
                alias,
                $"the alias :ion-dev has ion-dev {deps.IonDevVersion ?? "from elsewhere than Maven"}, "
                    + $"and the step \"{step.Name}\" says ionDev: {wanted}",
                "the version in one of the two places"
            );
        }
    }
}
