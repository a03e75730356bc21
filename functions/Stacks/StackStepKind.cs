using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;
using Deployer.Spec.Steps;

namespace Deployer.Functions.Stacks;

/// <summary>Steps that are CloudFormation stacks.</summary>
public sealed class StackStepKind(Settings settings, StackWork work, StackPlanner planner) : IStepKind
{
    /// <inheritdoc/>
    public string Key => "stack";

    /// <inheritdoc/>
    public string Verb => "update";

    /// <inheritdoc/>
    public IReadOnlyList<IStepWork> WaitingTasks => [work];

    /// <summary>Whether the stack is as the last deployment left it and this one wants nothing else.</summary>
    public async Task<Comparison> Compare(StepRun run)
    {
        if (run.UnknownReferences() is { Count: > 0 } unknown)
        {
            return new Comparison.KnownAfterApply(unknown);
        }

        var inputs = StackInputs.Resolve(run, settings);
        if (run.Released.GetValueOrDefault(run.Name) is not { } released)
        {
            return new Comparison.Changes($"stack {inputs.Stack} was not deployed by this deployer yet");
        }

        if (inputs.Digest != released.Inputs)
        {
            return new Comparison.Changes($"the template, parameters or tags of stack {inputs.Stack} are not those of the last deployment");
        }

        return await run.Account.CloudFormation.Find(released.Resource) switch
        {
            null => new Comparison.Changes($"stack {inputs.Stack} does not exist any more"),
            var stack when stack.StackStatus.Ended != StackEnd.Succeeded => new Comparison.Changes(
                $"stack {inputs.Stack} is {stack.StackStatus}"
            ),
            var stack when stack.LastChange() != released.LastChanged => new Comparison.Changes(
                $"stack {inputs.Stack} was updated since the last deployment"
            ),
            _ => new Comparison.NoChanges(),
        };
    }

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
