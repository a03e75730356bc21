using Deployer.Functions.Errors;

namespace Deployer.Functions.Steps;

/// <summary>
/// One kind of step: everything that differs from kind to kind in planning, running and reporting. The keys of its steps in
/// <c>deployer.yaml</c> and the rules for these are its <see cref="Deployer.Spec.Kinds.StepKind"/>; the two are registered once each.
/// </summary>
public interface IStepKind
{
    /// <summary>The key in <c>deployer.yaml</c> that says the kind, and its branch of the machine <c>deploy</c>.</summary>
    string Key { get; }

    /// <summary>What a plan calls the work of such a step, such as <c>update</c>.</summary>
    string Verb { get; }

    /// <summary>The tasks that wait for something, which an event about it resumes.</summary>
    IReadOnlyList<IStepWork> WaitingTasks { get; }

    /// <summary>
    /// Compares what the step wants with what runs. Nothing is changed. The order of waves, the plan, a step whose turn comes and the proof
    /// at the end decide by it.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="progress">How far the comparison has come.</param>
    Task<Comparison> Compare(StepRun run, ComparisonProgress progress);

    /// <summary>Why a step that has something to do may not be deployed to this target; <see langword="null"/> when it may.</summary>
    Task<Refusal?> Refuse(StepRun run) => Task.FromResult<Refusal?>(null);

    /// <summary>What a deployment would do, from the same comparison. What is made for it is removed again.</summary>
    /// <param name="run">The step.</param>
    /// <param name="plan">The plan with what holds for every kind; its action is the kind's verb.</param>
    /// <param name="comparison">What <see cref="Compare"/> found.</param>
    Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison);

    /// <summary>What the report of a deployment has about a step that ran.</summary>
    Task<IReadOnlyList<IReportPart>> Report(ReportedStep step);
}

/// <summary>Why a step may not be deployed.</summary>
/// <param name="Message">The reason, a sentence.</param>
/// <param name="Failure">The failure of a deployment with one or several such reasons.</param>
public sealed record Refusal(string Message, Func<string, DeployerException> Failure);

/// <summary>The kinds of step that the deployer has an implementation of.</summary>
public sealed class StepKindRegistry(IEnumerable<IStepKind> kinds)
{
    private readonly Dictionary<string, IStepKind> _kinds = kinds.ToDictionary(kind => kind.Key, StringComparer.Ordinal);

    /// <summary>All kinds.</summary>
    public IEnumerable<IStepKind> All => _kinds.Values;

    /// <summary>The kind that a key stands for; a step of any other kind is refused when the file is read.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IStepKind Find(string key) =>
        _kinds.GetValueOrDefault(key) ?? throw new InvalidOperationException($"no implementation of the kind '{key}' is registered");
}
