using Deployer.Cli.Output;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Spec.Ions;

namespace Deployer.Cli.Plans;

/// <summary>A plan for people: the steps in their order, each change with a sign, what deserves a second look in words.</summary>
internal sealed class PlanView : IView<ServicePlan>
{
    private const int Indent = 2;
    private const int SignWidth = 4;

    private static readonly Dictionary<string, (string Sign, Tone Tone)> Signs = new(StringComparer.Ordinal)
    {
        ["added"] = ("+", Tone.Good),
        ["modified"] = ("~", Tone.Warning),
        ["replaced"] = ("-/+", Tone.Bad),
        ["removed"] = ("-", Tone.Bad),
        ["imported"] = ("+", Tone.Good),
        ["dynamic"] = ("?", Tone.Plain),
    };

    /// <inheritdoc/>
    public void Show(ServicePlan result, Screen screen)
    {
        screen.Line($"{result.Service} to {result.Target}: plan", Tone.Strong);
        foreach (var step in result.Steps)
        {
            ShowStep(step, screen);
        }

        screen.Line();
        screen.Paragraph(Summary(result));
    }

    private static string Summary(ServicePlan plan)
    {
        var changes = plan.Steps.SelectMany(step => step.Changes ?? []).CountBy(change => change.Change).ToDictionary();
        var counted = Signs
            .Keys.Where(changes.ContainsKey)
            .Select(word => $"{changes[word]} {word}")
            .DefaultIfEmpty("no resource is known to change");
        var depending = plan.Depending == 0 ? string.Empty : $", {plan.Depending} more may have";
        return $"{plan.Changing} of {plan.Steps.Count} steps have something to do{depending}: {string.Join(", ", counted)}; "
            + $"{plan.Risks} to review; {plan.Problems} would fail";
    }

    private static void ShowStep(StepPlan step, Screen screen)
    {
        var limit = step.LimitMinutes is { } minutes && step.Action != StepPlan.NoChanges ? $" (at most {minutes} minutes)" : string.Empty;
        var subject = $"{step.Kind} {step.Subject ?? "(known after apply)"}";
        var action = step.Action switch
        {
            StepPlan.NoChanges => $"no changes {subject}",
            StepPlan.Depends => $"depends on {string.Join(", ", step.DependsOn)}: {subject}",
            _ => $"{step.Action} {subject}",
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

        foreach (var library in step.Libraries ?? [])
        {
            ShowLibrary(library, screen);
        }

        foreach (var change in step.Changes ?? [])
        {
            ShowChange(change, screen);
        }

        foreach (var name in step.KnownAfterApply)
        {
            screen.Paragraph($"{name} is known after apply", Indent, hanging: Indent, Tone.Faint);
        }
    }

    private static void ShowLibrary(LibraryChange library, Screen screen)
    {
        var (change, coordinate) = library switch
        {
            { From: null } => ("added", library.To),
            { To: null } => ("removed", library.From),
            _ => ("modified", $"{library.From} -> {library.To}"),
        };
        ShowSigned(change, $"{library.Library} {coordinate}", screen);
    }

    private static void ShowChange(StackChange change, Screen screen)
    {
        var properties = change.Properties.Count == 0 ? string.Empty : $" ({string.Join(", ", change.Properties)})";
        ShowSigned(change.Change, $"{change.Resource} {change.Type}{properties}", screen);
        if (change.Risk is { } risk)
        {
            screen.Paragraph($"! {risk}", Indent + SignWidth, hanging: Indent, Tone.Bad);
        }
    }

    private static void ShowSigned(string change, string text, Screen screen) =>
        screen.Paragraph(text, Indent, hanging: SignWidth, Signs[change].Tone, label: Signs[change].Sign.PadRight(SignWidth));
}
