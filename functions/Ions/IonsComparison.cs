using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Ions;

/// <summary>Compares the ions of a step with those that run in its group.</summary>
public static class IonsComparison
{
    /// <summary>Whether the group is as this source wants it: the same content was released to it, and is live.</summary>
    public static async Task<Comparison> Compare(StepRun run, ComparisonProgress progress)
    {
        if (run.Evaluate(run.Step<IonsStep>().Group).Value is not { } group)
        {
            return new Comparison.KnownAfterApply(run.UnknownReferences());
        }

        if (run.LastRelease is not { } released)
        {
            return new Comparison.Changes($"no revision was released to {group} by this deployer yet");
        }

        if (released.Inputs != IonInputs.Digest(run))
        {
            return new Comparison.Changes($"revision {released.Resource}, which was released last, is of other ions or of another group");
        }

        var judge = new IonJudge(
            run.Account,
            group,
            released.Kept<ReleasedIons>().Name!,
            IonFiles.Config(run),
            DeployWork.ReleasedLambdas(run)
        );
        return await judge.Compare(progress);
    }
}
