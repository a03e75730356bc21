using Deployer.Functions.Errors;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The ion files of a service.</summary>
public static class IonFiles
{
    /// <summary>Reads <c>datomic/ion-config.edn</c>, which lies in the folder's <c>resources</c> or at another root of its class path.</summary>
    /// <exception cref="SpecInvalidException">There is none, or it is not as Datomic wants it.</exception>
    public static IonConfig Config(StepRun run)
    {
        var reading = IonApplication.Read(run.Source.Folder, run.Step<IonsStep>().Folder);
        return reading.Application?.Config ?? throw new SpecInvalidException(string.Join('\n', reading.Faults));
    }
}
