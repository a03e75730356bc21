using System.Globalization;
using Deployer.Spec.Datomic;
using Deployer.Spec.Faults;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Spec.Rules;

/// <summary>The version of ion-dev is written in one place, is one release, and knows the libraries of the group's release.</summary>
internal static class IonDevRules
{
    public static void Check(IonsStep step, DepsEdn deps, IReadOnlyList<DatomicRelease> releases, FaultList faults)
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
            return;
        }

        if (step.IonDev is null && deps is { IonDevVersion: null, IonDevAlias: { } own, IonDevPosition: var coordinate })
        {
            // https://docs.datomic.com/ions/ions-tutorial.html: com.datomic/ion-dev is in Datomic's Maven repository.
            faults.Add(
                coordinate ?? own,
                "the alias :ion-dev has ion-dev from elsewhere than Maven, where no build finds it",
                $"{{:mvn/version \"{IonDevReleases.Default}\"}}"
            );
        }
        else if ((step.IonDev ?? deps.IonDevVersion) is { } version && (step.IonDevPosition ?? deps.IonDevPosition) is { } position)
        {
            CheckVersion(version, position, releases, faults);
        }
    }

    private static void CheckVersion(string version, SourcePosition position, IReadOnlyList<DatomicRelease> releases, FaultList faults)
    {
        if (!IonDevReleases.IsPinned(version))
        {
            faults.Add(
                position,
                $"the version of ion-dev is \"{version}\", which is not that of one release",
                $"a version such as {IonDevReleases.Default}"
            );
            return;
        }

        foreach (var release in releases)
        {
            if (
                release.Code is { } code
                && IonDevReleases.Needed(decimal.Truncate(code).ToString(CultureInfo.InvariantCulture)) is { } needed
                && IonDevReleases.IsOlder(version, needed)
            )
            {
                faults.Add(
                    position,
                    $"ion-dev {version} is older than Datomic Cloud {release} needs",
                    $"{needed} or a newer one (https://docs.datomic.com/releases/cloud-change-log.html)"
                );
                return;
            }
        }
    }
}
