using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Steps that are CloudFormation stacks.</summary>
public sealed class StackStepKind(StackComparison comparison, StackWork work, StackPlanner planner) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "stack";

    /// <inheritdoc/>
    public string Verb => "update";

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [work];

    /// <inheritdoc/>
    public Task<Comparison> Compare(StepRun run, ComparisonProgress progress) => comparison.Compare(run, progress);

    /// <inheritdoc/>
    public Task<StepPlan> Plan(StepRun run, StepPlan plan, Comparison comparison) => planner.Plan(run, plan, comparison);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReportPart>> Report(ReportedStep step)
    {
        var name = ((StackStep)step.Step).Stack.Evaluate(step.Spec.Resolver(step.Target)).Value!;
        var stack = await step.Account.CloudFormation.Find(name);
        return [new StackReport(name, step.Action, stack?.StackStatus?.Value ?? "NONE")];
    }
}

/// <summary>A stack and its status at the end.</summary>
public sealed record StackReport(string Name, StepAction Action, string Status) : IReportPart
{
    /// <summary>The list of stacks.</summary>
    public const string List = "stacks";

    /// <inheritdoc/>
    string IReportPart.Section => List;
}
