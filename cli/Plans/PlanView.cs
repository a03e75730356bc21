using Deployer.Cli.Output;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Plans;

/// <summary>A plan for people: the steps in their order, each change with a sign, what deserves a second look in words.</summary>
/// <param name="parts">The parts of a plan that steps of some kinds have.</param>
internal sealed class PlanView(IReadOnlyList<PlanPart> parts) : IView<ServicePlan>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(ServicePlan result, Screen screen)
    {
        screen.Line($"{result.Service} to {result.Target}: plan", Tone.Strong);
        ShowSteps(result, screen);
        foreach (var reason in result.NeedsApproval)
        {
            screen.Paragraph(WhyItNeedsApproval(reason, result), hanging: Indent, tone: Tone.Warning);
        }

        // Not wrapped: what is copied is whole.
        screen.Line($"plan {result.Plan}");
        screen.Line($"digest {result.Digest}");
    }

    /// <summary>Why a person has to approve a plan, after its summary: what that says already is not said again.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="plan">The plan whose summary is shown; <see langword="null"/> for none.</param>
    public static string WhyItNeedsApproval(string reason, ServicePlan? plan) =>
        reason == plan?.Extent() ? "needs an approval, as every change of this target does" : $"needs an approval: {reason}";

    /// <summary>The steps of a plan, and a summary.</summary>
    public void ShowSteps(ServicePlan result, Screen screen)
    {
        foreach (var step in result.Steps)
        {
            ShowStep(step, screen);
        }

        screen.Line();
        screen.Paragraph(Summary(result));
    }

    private string Summary(ServicePlan plan)
    {
        var changes = parts
            .Where(part => part.IsOfResources)
            .SelectMany(part => plan.Steps.SelectMany(part.Changes))
            .CountBy(change => change.Change)
            .ToDictionary();
        var counted = Enum.GetValues<ChangeKind>()
            .Where(changes.ContainsKey)
            .Select(kind => $"{changes[kind]} {kind.Text()}")
            .DefaultIfEmpty("no resource is known to change");
        var depending = plan.Depending == 0 ? string.Empty : $", {plan.Depending} more may have";
        return $"{plan.Extent()}{depending}: {string.Join(", ", counted)}"
            + (plan.Risks == 0 ? string.Empty : $"; {plan.Risks} to review")
            + (plan.Problems == 0 ? string.Empty : $"; {plan.Problems} would fail");
    }

    private void ShowStep(StepPlan step, Screen screen)
    {
        var limit = step.LimitMinutes is { } minutes && step.Action != PlannedAction.None ? $" (at most {minutes} minutes)" : string.Empty;
        var subject = $"{step.Kind} {step.Subject ?? "(known after apply)"}";
        var action = step.Action switch
        {
            PlannedAction.None => $"no changes {subject}",
            PlannedAction.Depends => $"depends on {string.Join(", ", step.DependsOn)}: {subject}",
            _ => $"{step.Action.Text()} {subject}",
        };
        screen.Line();
        screen.Paragraph($"{step.Step}: {action}{limit}", hanging: Indent, tone: Tone.Strong);
        if (step.Problem is not null)
        {
            screen.Paragraph($"would fail: {step.Problem}", Indent, hanging: Indent, Tone.Bad);
        }

        foreach (var notice in step.Notices)
        {
            screen.Paragraph(notice, Indent, hanging: Indent, Tone.Warning);
        }

        foreach (var sentence in (step.Drift ?? []).SelectMany(resource => resource.Sentences))
        {
            screen.Paragraph(sentence, Indent, hanging: Indent, Tone.Warning);
        }

        foreach (var change in parts.SelectMany(part => part.Changes(step)))
        {
            new PlannedChangeView().Show(change, screen);
        }

        foreach (var name in step.KnownAfterApply)
        {
            screen.Paragraph($"{name} is known after apply", Indent, hanging: Indent, Tone.Faint);
        }
    }
}
