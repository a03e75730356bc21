using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec.Sources;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Steps;

/// <summary>
/// One kind of step: everything that differs from kind to kind in planning, running, reporting and removing. The keys of its steps in
/// <c>deployer.yaml</c> and the rules for these are its <see cref="Deployer.Spec.Kinds.StepKind"/>; the two are registered once each.
/// </summary>
public interface IStepKind
{
    /// <summary>The key in <c>deployer.yaml</c> that says the kind, and its branch of the machine <c>deploy</c>.</summary>
    string Key { get; }

    /// <summary>
    /// All branches of the machine <c>deploy</c> that such a step can take: its own, and those of a removal or a capacity.
    /// </summary>
    IReadOnlyList<string> Branches => [Key];

    /// <summary>Those of the branches that a certain step can take.</summary>
    /// <param name="step">A step of the kind.</param>
    IReadOnlyList<string> BranchesOf(StepSpec step) => Branches;

    /// <summary>What a plan calls the work of such a step, unless the plan of the step itself says otherwise.</summary>
    PlannedAction Verb { get; }

    /// <summary>The parts of a plan that only steps of this kind have.</summary>
    IReadOnlyList<PlanPart> PlanParts => [];

    /// <summary>
    /// Which steps of the kind have a capacity, such as "a compute group", for who asked to change one where there is none;
    /// <see langword="null"/> for a kind without any.
    /// </summary>
    string? StepsWithCapacity => null;

    /// <summary>The tasks that wait for something, which an event about it resumes.</summary>
    IReadOnlyList<IStepWork> WaitingTasks { get; }

    /// <summary>
    /// Compares what the step wants with what runs. Nothing is changed. The order of waves, the plan, a step whose turn comes and the proof
    /// at the end decide by it, and so does a look after a change by others. Only drift is found otherwise (<see cref="Drift"/>): by
    /// CloudFormation, over minutes.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="progress">How far the comparison has come.</param>
    Task<Comparison> Compare(StepRun run, ComparisonProgress progress);

    /// <summary>
    /// What a plan looks at besides the comparison, which may stop at its first difference: where one of these changes until the plan is
    /// deployed, it is refused. Nothing is changed.
    /// </summary>
    /// <param name="run">The step.</param>
    Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run) => Task.FromResult<IReadOnlyList<LiveFact>>([]);

    /// <summary>
    /// What somebody has changed by hand, of resources that a template describes. Nothing is changed but that a detection is begun.
    /// </summary>
    /// <param name="run">The step.</param>
    /// <param name="detections">The detections that were begun before, by what they are of; those that are begun are added.</param>
    /// <exception cref="NotYetException">A detection runs.</exception>
    Task<IReadOnlyList<DriftedResource>> Drift(StepRun run, IDictionary<string, string> detections) =>
        Task.FromResult<IReadOnlyList<DriftedResource>>([]);

    /// <summary>Why a step that has something to do may not be deployed to this target; <see langword="null"/> when it may.</summary>
    Task<Refusal?> WhyRefused(StepRun run) => Task.FromResult<Refusal?>(null);

    /// <summary>What a deployment would do, from the same comparison. What is made for it is removed again.</summary>
    /// <param name="run">The step.</param>
    /// <param name="plan">The plan with what holds for every kind; its action is the kind's verb.</param>
    /// <param name="comparison">What <see cref="Compare"/> found.</param>
    Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison);

    /// <summary>
    /// The name of the revision that a step has released, by which it was pushed; <see langword="null"/> for a kind whose revisions are
    /// known by their deployment, or that has none.
    /// </summary>
    /// <param name="released">What the step released.</param>
    string? ReleasedRevision(ReleasedStep released) => null;

    /// <summary>What the report of a deployment has about a step that ran.</summary>
    Task<IReadOnlyList<IReportPart>> Report(ReportedStep step);

    /// <summary>
    /// What runs now of a step that a deployment has not done: that failed, was stopped or was not reached. It takes the place of what
    /// <see cref="Report"/> has about such a step; none for a kind that reports it there.
    /// </summary>
    /// <param name="run">The step, as it was released last. Nothing is changed.</param>
    /// <param name="tasks">The deployment's records of its tasks; none when it was not reached.</param>
    Task<IReadOnlyList<IReportPart>> Runs(StepRun run, IReadOnlyList<TaskRecord> tasks) => Task.FromResult<IReadOnlyList<IReportPart>>([]);

    /// <summary>
    /// The outputs that other steps can refer to as what is there has them now, whoever has made it: where the step was never released, a
    /// report evaluates what refers to them by these. None for what is not there, and for a kind whose outputs nothing on AWS has.
    /// </summary>
    /// <param name="run">The step. Nothing is changed.</param>
    Task<IReadOnlyDictionary<string, string>> ReadOutputs(StepRun run) =>
        Task.FromResult<IReadOnlyDictionary<string, string>>(new Dictionary<string, string>());

    /// <summary>
    /// How what the step has made for a development instance is removed. There is no answer for a kind that gives none, so that nothing is
    /// left behind unasked.
    /// </summary>
    /// <param name="run">The step. Nothing is changed.</param>
    Task<StepRemoval> Removal(StepRun run);

    /// <summary>
    /// Why a development instance cannot be removed because of what a step released that its last source has not any more;
    /// <see langword="null"/> when the release is of another kind or nothing of it is left.
    /// </summary>
    /// <param name="released">What the step released.</param>
    /// <param name="account">The target's account.</param>
    Task<DeployerException?> LeftBehind(ReleasedStep released, TargetAccount account) => Task.FromResult<DeployerException?>(null);

    /// <summary>
    /// Files that read otherwise in the source by which a development instance is removed, such as configurations emptied.
    /// </summary>
    /// <param name="source">The source that was deployed last.</param>
    /// <param name="step">The step.</param>
    IEnumerable<KeyValuePair<RelativePath, byte[]>> FilesForRemoval(ServiceSource source, StepSpec step) => [];

    /// <summary>How the capacity of what the step made is changed; <see langword="null"/> for a step without any.</summary>
    StepCapacity? Capacity(StepSpec step) => null;

    /// <summary>
    /// What such steps own or read and others may change: the events about it, by which the deployer looks whether a step is as it was
    /// deployed.
    /// </summary>
    IReadOnlyList<WatchedSource> WatchedSources => [];

    /// <summary>The resources that a step which was deployed owns or reads, as its events name them.</summary>
    /// <param name="run">The step, with what it released. Nothing is changed.</param>
    Task<IReadOnlyList<string>> Watched(StepRun run) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>
    /// What is made sure of once a whole deployment has succeeded in which the step ran; <see langword="null"/> for nothing.
    /// </summary>
    Func<StepRun, Task>? AfterSuccess(StepSpec step) => null;
}

/// <summary>How what a step has made is removed.</summary>
public abstract record StepRemoval
{
    private StepRemoval() { }

    /// <summary>There is nothing to do: nothing is left of it, it goes with what another step made, or it is kept.</summary>
    public sealed record Nothing : StepRemoval;

    /// <summary>A branch of the machine <c>deploy</c> removes it.</summary>
    /// <param name="Name">The branch.</param>
    public sealed record Branch(string Name) : StepRemoval
    {
        /// <summary>What has to have run before anything of the instance is removed.</summary>
        public IReadOnlyList<WaveStep> Before { get; init; } = [];
    }
}

/// <summary>How the capacity of what a step made is changed.</summary>
/// <param name="Branch">The branch of the machine <c>deploy</c> that turns it on and off.</param>
/// <param name="Order">Where it stands when all are turned on, the lowest first; off in the opposite order.</param>
public sealed record StepCapacity(string Branch, int Order);

/// <summary>Why a step may not be deployed.</summary>
/// <param name="Message">The reason, a sentence.</param>
/// <param name="Failure">The failure of a deployment with one or several such reasons.</param>
public sealed record Refusal(string Message, Func<string, DeployerException> Failure);
