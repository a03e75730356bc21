using System.Text.Json.Serialization;
using Amazon.CloudFormation;
using Deployer.Functions.Accounts;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Steps that are CloudFormation stacks.</summary>
public sealed class StackStepKind(
    StackComparison comparison,
    StackWork work,
    StackRemoval removal,
    IGroupCapacityWork capacity,
    StackPlanner planner,
    StackDrift drift,
    Settings settings
) : IStepKind
{
    /// <summary>The branch of the machine <c>deploy</c> that changes the capacity of a compute group.</summary>
    public const string CapacityBranch = "capacity";

    /// <inheritdoc/>
    public string Key => "stack";

    /// <inheritdoc/>
    public IReadOnlyList<string> Branches => [Key, CapacityBranch, StackRemoval.Branch];

    /// <inheritdoc/>
    public IReadOnlyList<string> BranchesOf(StepSpec step) =>
        Capacity(step) is null ? [Key, StackRemoval.Branch] : [Key, CapacityBranch, StackRemoval.Branch];

    /// <inheritdoc/>
    public PlannedAction Verb => PlannedAction.Update;

    /// <inheritdoc/>
    public IReadOnlyList<PlanPart> PlanParts => [StackChange.Part];

    /// <inheritdoc/>
    public string? StepsWithCapacity =>
        $"a compute group (kind {StackKinds.Name(StackKind.DatomicCompute)} or {StackKinds.Name(StackKind.DatomicQueryGroup)})";

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [work, removal, capacity];

    /// <inheritdoc/>
    public IReadOnlyList<WatchedSource> WatchedSources => [StackEvents.Watched];

    /// <summary>The stack itself, those that are nested in it, and those whose exports it imports.</summary>
    public async Task<IReadOnlyList<string>> Watched(StepRun run) =>
        run.LastRelease is { } released
            ?
            [
                OwningStacks.Watched(released.Resource),
                .. (released.Kept<ReleasedStack>().Nested?.Values ?? []).Select(nested => OwningStacks.Watched(nested.Id)),
                .. await ImportedStacks.Find(run, StackInputs.Resolve(run, settings), released.Resource),
            ]
            : [];

    /// <inheritdoc/>
    public Task<Comparison> Compare(StepRun run, ComparisonProgress progress) => comparison.Compare(run, progress);

    /// <inheritdoc/>
    public Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison) => planner.Plan(run, plan, comparison);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DriftedResource>> Drift(StepRun run, IDictionary<string, string> detections) => drift.Find(run, detections);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LiveFact>> ReadLiveFacts(StepRun run) => StackFacts.Read(run, settings);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReportPart>> Report(ReportedStep step)
    {
        var name = ((StackStep)step.Step).Stack.Evaluate(step.Spec.Resolver(step.Target)).Value!;
        return
        [
            new StackReport(
                name,
                step.Action,
                step.Account is { } account ? (await account.CloudFormation.Find(name))?.StackStatus?.Value ?? StackReport.NoStack : null
            )
            {
                IsUnderway = step.IsUnderway,
                CapacityWasChanged = step.Task(capacity.Task)?.Resource is not null,
                WasMended = step.Tasks.Any(task => task.Kept<StackProgress>().Mended is not null),
            },
        ];
    }

    /// <summary>The stack of a step that was not reached, where it is there; of all others <see cref="Report"/> has it.</summary>
    public async Task<IReadOnlyList<IReportPart>> Runs(StepRun run, IReadOnlyList<TaskRecord> tasks)
    {
        if (tasks.Count > 0 || run.Evaluate(run.Step<StackStep>().Stack).Value is not { } name)
        {
            return [];
        }

        var status = (await run.Account.CloudFormation.Find(name))?.StackStatus?.Value;
        return status is null ? [] : [new StackReport(name, StepAction.NotStarted, status)];
    }

    /// <summary>Those of the stack, which others may have made before the deployer deployed anything.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadOutputs(StepRun run) =>
        run.Evaluate(run.Step<StackStep>().Stack).Value is { } name && await run.Account.CloudFormation.Find(name) is { } stack
            ? stack.OutputValues()
            : new Dictionary<string, string>();

    /// <summary>A stack is looked for whether it was released or not.</summary>
    public Task<StepRemoval> Removal(StepRun run) => Task.FromResult<StepRemoval>(new StepRemoval.Branch(StackRemoval.Branch));

    /// <inheritdoc/>
    public async Task<DeployerException?> LeftBehind(ReleasedStep released, TargetAccount account) =>
        released.Resource.StartsWith("arn:aws:cloudformation:", StringComparison.Ordinal)
        && await account.CloudFormation.Find(released.Resource) is { } stack
        && stack.StackStatus != StackStatus.DELETE_COMPLETE
            ? new StackFailedException(
                $"stack {stack.StackName} is of the step '{released.Step}', which the instance does not have "
                    + "any more; delete it by hand, or deploy the instance with that step once more, then remove it"
            )
            : null;

    /// <summary>The primary group is the first to be turned on: the kinds stand in that order.</summary>
    public StepCapacity? Capacity(StepSpec step) =>
        step is StackStep { StackKind: var kind } && StackKinds.IsGroup(kind) ? new StepCapacity(CapacityBranch, (int)kind) : null;

    /// <summary>
    /// A step that ended before publishing was its own task's has not published; for all others there is nothing to write.
    /// </summary>
    public Func<StepRun, Task>? AfterSuccess(StepSpec step) =>
        step is StackStep { Publish: not null } ? run => PublishedOutputs.Publish(run, run.Released[run.Name].Outputs) : null;
}

/// <summary>A stack and its status at the end, which is not known where the account was not entered.</summary>
public sealed record StackReport(string Name, StepAction Action, string? Status) : IReportPart
{
    /// <summary>The list of stacks.</summary>
    public const string List = "stacks";

    /// <summary>The status of a stack that does not exist, in the document; CloudFormation has none for it.</summary>
    public const string NoStack = "NONE";

    /// <inheritdoc/>
    string IReportPart.Section => List;

    /// <inheritdoc/>
    IEnumerable<string> IReportPart.Lines =>
        [$"stack {Name}: {(Status == NoStack ? (Action == StepAction.Removed ? "removed" : "does not exist") : Status ?? Words)}"];

    /// <summary>Whether CloudFormation was at work on it for the step when the deployment ended, and goes on.</summary>
    [JsonIgnore]
    public bool IsUnderway { get; init; }

    /// <summary>Whether it was brought into a status in which it can be changed, before anything else.</summary>
    [JsonIgnore]
    public bool WasMended { get; init; }

    /// <summary>Whether the capacity of the compute group was changed, which is none of CloudFormation's work.</summary>
    [JsonIgnore]
    public bool CapacityWasChanged { get; init; }

    private string Words =>
        Action != StepAction.Stopped ? Action.Words()
        : CapacityWasChanged ? "stopped after its capacity was changed, to which Auto Scaling goes on"
        : IsUnderway ? "stopped while CloudFormation was at work, which goes on to its end"
        : WasMended ? Action.Words()
        : "not changed";
}
