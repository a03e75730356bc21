using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>The ion files of a service.</summary>
public static class IonFiles
{
    /// <summary>
    /// Reads <c>deps.edn</c>, and <c>datomic/ion-config.edn</c>, which is in the folder's <c>resources</c> or at another root of its
    /// class path.
    /// </summary>
    /// <exception cref="SpecInvalidException">One is missing, or not as Datomic wants it.</exception>
    public static IonApplication Application(StepRun run) => Application(run.Source, run.Step<IonsStep>());

    /// <inheritdoc cref="Application(StepRun)"/>
    public static IonApplication Application(ServiceSource source, IonsStep step)
    {
        var reading = IonApplication.Read(source.Folder, step.Folder);
        return reading.Application ?? throw new SpecInvalidException(string.Join('\n', reading.Faults));
    }

    /// <summary>What <c>ion-config.edn</c> says.</summary>
    /// <exception cref="SpecInvalidException">A file is missing, or not as Datomic wants it.</exception>
    public static IonConfig Config(StepRun run) => Application(run).Config;
}
