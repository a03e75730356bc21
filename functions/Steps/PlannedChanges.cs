using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
using Deployer.Spec;

namespace Deployer.Functions.Steps;

/// <summary>
/// Holds what a step is about to change against the plan that is deployed. A plan cannot show everything: a value may be known after
/// apply only, and a stack in the middle of an operation cannot be compared. What nobody could see, nobody has approved.
/// </summary>
public sealed class PlannedChanges(LedgerTable ledger)
{
    private static readonly ApprovalReason[] AllReasons = Enum.GetValues<ApprovalReason>();

    /// <summary>
    /// Whether a target's rule has a person look at a change; a rule for every plan has them look at all that can lose something.
    /// </summary>
    public static bool HavePersonLook(ApprovalSpec rule, PlannedChange change)
    {
        var reasons = rule.For.Count == 0 ? AllReasons : rule.For;
        return change.Change == ChangeKind.Replaced && reasons.Contains(ApprovalReason.Replacements)
            || change.Change == ChangeKind.Removed && reasons.Contains(ApprovalReason.Removals)
            || change.Risk is not null && reasons.Contains(ApprovalReason.Risky);
    }

    /// <summary>
    /// Refuses changes that the plan of the deployment does not show: those that a person has to look at; and every one where a person
    /// has to approve each plan, and this one showed all there was. Nothing is refused where the deployment has no plan.
    /// </summary>
    /// <param name="run">The step, before it changes anything.</param>
    /// <param name="part">The part of a plan that has such changes.</param>
    /// <param name="changes">What it is about to change.</param>
    /// <exception cref="PlanChangedException">There are such changes; the message names each.</exception>
    /// <returns>What the plan showed of the step; <see langword="null"/> where the deployment has no plan.</returns>
    public async Task<StepPlan?> RefuseUnplanned(StepRun run, PlanPart part, IReadOnlyList<PlannedChange> changes)
    {
        if (run.Deployment.Plan is not { } plan)
        {
            return null;
        }

        var planned = await ledger.Read(StepPlan.Key(plan, run.Name));
        if ((run.Deployment.Approval ?? run.Target.Approval) is not { } rule)
        {
            return planned;
        }

        var shown = planned is null ? [] : part.Changes(planned).ToList();
        var isAll = rule.For.Count == 0 && planned?.ShowsAll == true;
        var unseen = changes
            .Where(change =>
                HavePersonLook(rule, change)
                    ? !shown.Exists(known => known.Thing == change.Thing && HavePersonLook(rule, known))
                    : isAll && !shown.Exists(known => known.Thing == change.Thing)
            )
            .ToList();
        if (unseen.Count > 0)
        {
            throw new PlanChangedException(
                $"step {run.Name} would change what plan {plan} could not show, and has changed nothing; plan again\n"
                    + string.Join('\n', unseen.Select(change => change.Sentence))
            );
        }

        return planned;
    }
}
