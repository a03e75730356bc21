using Deployer.Functions.Approvals;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Plans;

/// <summary>Finds out what a step would do. Why it would fail is an answer too, so that one plan reports all faults together.</summary>
public sealed class StepPlanner(LedgerTable ledger, StepRuns runs, DriftLooks drifts, StepKindRegistry kinds)
{
    private const string Task = "plan";

    /// <summary>Plans a step and keeps what was found; doing it again gives the same.</summary>
    /// <exception cref="NotYetException">A change set is being made.</exception>
    public async Task<TaskDone> Run(TaskInput input)
    {
        using var run = await runs.Enter(input, Task);
        var kind = kinds.Find(run.Source.Spec.Step(run.Name)!.Kind);
        // Begun before the change set is made, which is removed again: a detection is waited for by the state's retries.
        var drift = run.Deployment.Drift is null
            ? null
            : await drifts.Find(run.Deployment, run.Source, run.Name, run.Account, input.RedriveCount);
        StepPlan plan;
        IReadOnlyList<LiveFact> lookedAt = [];
        try
        {
            var begun = Begun(run, kind) with { KnownAfterApply = run.UnknownReferences() };
            var comparison = await new BatchedComparison(ledger, input.RetryCount).Compare(run, progress => kind.Compare(run, progress));
            // Before the plan is made, so that what changes meanwhile is noticed when it is deployed.
            lookedAt = await LiveState.Read(run, kind, comparison);
            plan = await kind.Plan(run, begun, comparison) with { LookedAt = lookedAt };
            if (plan is { Problem: null, Action: not PlannedAction.None } && await kind.WhyRefused(run) is { } refusal)
            {
                plan = plan with { Problem = $"{refusal.Failure(refusal.Message).Error}: {refusal.Message}" };
            }
        }
        catch (Exception exception) when (Failure.Translate(exception, run.Secrets) is { IsTransient: false } failure)
        {
            failure.Hide(run.Secrets);
            // What is missing now, an earlier step may make: the plan can be deployed then, and was made of this.
            lookedAt = lookedAt.Count > 0 ? lookedAt : LiveState.Unreadable(run, failure);
            plan = Begun(run, kind) with { Problem = $"{failure.Error}: {failure.Message}", LookedAt = lookedAt };
        }

        await ledger.Put(StepPlan.Key(run.Deployment.Deployment, run.Name), plan with { Drift = drift }, run.Expiry);
        return new TaskDone(TaskOutcome.Succeeded);
    }

    private StepPlan Begun(StepRun run, IStepKind kind) =>
        new()
        {
            Step = run.Name,
            Kind = kind.Key,
            Action = kind.Verb,
            Parts = kinds.PlanParts.ToDictionary(part => part.Name, _ => StepPlan.NoPart),
        };
}
