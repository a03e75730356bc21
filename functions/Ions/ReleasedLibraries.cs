using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Compares the <c>deps.edn</c> of an ions step with that of the source that it released last.</summary>
public sealed class ReleasedLibraries(StepRuns runs, Sources sources)
{
    /// <summary>
    /// What differs; <see langword="null"/> when the step has released nothing yet, or from files that are refused by now.
    /// </summary>
    public async Task<IReadOnlyList<LibraryChange>?> Changes(StepRun run)
    {
        if (run.LastRelease is not { } released)
        {
            return null;
        }

        return await Former(run, released.Deployment) is { } former ? LibraryChange.Between(former, IonFiles.Application(run).Deps) : null;
    }

    private async Task<DepsEdn?> Former(StepRun run, DeploymentId deployment)
    {
        try
        {
            using var source = await sources.Read(await runs.Deployment(deployment));
            return source.Spec.Step(run.Name) is IonsStep step ? IonFiles.Application(source, step).Deps : null;
        }
        catch (SpecInvalidException)
        {
            // Rules may have come since then; a comparison holds up no deployment.
            return null;
        }
    }
}
