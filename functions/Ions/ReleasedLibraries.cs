using Deployer.Functions.Deployments;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Compares the <c>deps.edn</c> of an ions step with that of the source that it released last.</summary>
public sealed class ReleasedLibraries(StepRuns runs, Sources sources)
{
    /// <summary>What differs; <see langword="null"/> when the step has released nothing yet.</summary>
    public async Task<IReadOnlyList<LibraryChange>?> Changes(StepRun run)
    {
        if (run.Released.GetValueOrDefault(run.Name) is not { } released)
        {
            return null;
        }

        var source = await sources.Of(await runs.Deployment(released.Deployment));
        return source.Spec.Step(run.Name) is IonsStep former
            ? LibraryChange.Between(IonFiles.Application(source, former).Deps, IonFiles.Application(run).Deps)
            : null;
    }
}
