using Deployer.Functions.Steps;

namespace Deployer.Functions.Ions;

/// <summary>What an ions step released last.</summary>
internal static class ReleasedIons
{
    /// <summary>The names of the Lambdas that the last release had; none when nothing was released.</summary>
    public static IReadOnlyList<string> Lambdas(StepRun run) =>
        run.Released.GetValueOrDefault(run.Name)
            ?.Facts.GetValueOrDefault(DeployWork.LambdasFact)
            ?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        ?? [];
}
