using Deployer.Functions.Steps;
using Deployer.Spec;

namespace Deployer.Functions.Plans;

/// <summary>Decides by a target's rule whether a person has to approve a plan.</summary>
public static class ApprovalRule
{
    /// <summary>Why a plan has to be approved, a sentence each; none when it need not be.</summary>
    /// <param name="rule">The target's rule; <see langword="null"/> for a target that needs no approval.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="parts">The parts of a plan that have changes.</param>
    /// <param name="refusesDrift">
    /// Whether a deployment would be refused for what was changed by hand: a person who has seen it in the plan may let it go on.
    /// </param>
    public static IReadOnlyList<string> Reasons(ApprovalSpec? rule, ServicePlan plan, IReadOnlyList<PlanPart> parts, bool refusesDrift)
    {
        // Nothing to do is nothing to approve.
        if (rule is null || plan.Changing == 0)
        {
            return [];
        }

        if (rule.For.Count == 0)
        {
            return [plan.Extent()];
        }

        return
        [
            .. plan.Steps.SelectMany(step =>
                parts
                    .Where(part => part.IsOfResources)
                    .SelectMany(part => part.Changes(step))
                    .Where(change => PlannedChanges.HavePersonLook(rule, change))
                    .Select(change => $"{step.Step}: {change.Sentence}")
                    .Concat(rule.For.Contains(ApprovalReason.Risky) ? (step.Risks ?? []).Select(risk => $"{step.Step}: {risk}") : [])
                    .Concat(refusesDrift ? Drift(step) : [])
            ),
        ];
    }

    private static IEnumerable<string> Drift(StepPlan step) =>
        (step.Drift ?? [])
            .Where(resource => resource.HasDrifted)
            .SelectMany(resource => resource.Sentences)
            .Select(sentence => $"{step.Step}: {sentence}");
}
