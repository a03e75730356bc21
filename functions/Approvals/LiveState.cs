using Deployer.Functions.Errors;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Approvals;

/// <summary>
/// What a step's target looks like to a plan: the last release, what the comparison of the step finds, and what its kind looks at besides.
/// </summary>
public static class LiveState
{
    /// <summary>Looks at a step.</summary>
    /// <param name="run">The step.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="comparison">What comparing it has given.</param>
    public static async Task<IReadOnlyList<LiveFact>> Read(StepRun run, IStepKind kind, Comparison comparison) =>
        [new("its last release", Release(run)), new("its comparison with what runs", Text(comparison)), .. await kind.ReadLiveFacts(run)];

    /// <summary>Compares a step and looks at it; a step that cannot be compared is a fact, too.</summary>
    public static async Task<IReadOnlyList<LiveFact>> Read(StepRun run, IStepKind kind)
    {
        try
        {
            return await Read(run, kind, await kind.Compare(run, ComparisonProgress.Whole));
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets) is { IsTransient: false } failure)
        {
            failure.Hide(run.Secrets);
            return Unreadable(run, failure);
        }
    }

    /// <summary>What is known of a step that cannot be compared.</summary>
    public static IReadOnlyList<LiveFact> Unreadable(StepRun run, DeployerException failure) =>
        [new("its last release", Release(run)), new("its comparison with what runs", $"{failure.Error}: {failure.Message}")];

    private static string Release(StepRun run) =>
        run.LastRelease is { } released ? $"{released.Resource} by deployment {released.Deployment}" : "none by this deployer";

    private static string Text(Comparison comparison) =>
        comparison switch
        {
            Comparison.NoChanges => "no changes",
            Comparison.Changes changes => string.Join("; ", changes.Differences),
            Comparison.KnownAfterApply unknown => $"known after apply: {string.Join(", ", unknown.References)}",
            Comparison.NotComparable other => string.Join("; ", other.Reasons),
            Comparison.NotReadable { Cause: var cause } => cause.Message,
            _ => "not ended",
        };
}
