using System.Globalization;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Rehearsals;

/// <summary>Tells a plan to a person: the steps in their order, each change with a sign, what deserves a second look in words.</summary>
internal static class PlanWriter
{
    private static readonly Dictionary<string, string> Signs = new(StringComparer.Ordinal)
    {
        ["added"] = "+",
        ["modified"] = "~",
        ["replaced"] = "-/+",
        ["removed"] = "-",
        ["imported"] = "+",
        ["dynamic"] = "?",
    };

    /// <summary>Writes the plan.</summary>
    public static void Write(ServicePlan plan, TextWriter output)
    {
        output.WriteLine($"{plan.Service} to {plan.Target}: plan");
        foreach (var step in plan.Steps)
        {
            Write(step, output);
        }

        var changes = plan.Steps.SelectMany(step => step.Changes ?? []).ToList();
        output.WriteLine();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{plan.Changing} of {plan.Steps.Count} steps have something to do: {string.Join(", ", Signs.Keys.Select(word => (word, Count: changes.Count(change => change.Change == word))).Where(found => found.Count > 0).Select(found => $"{found.Count} {found.word}").DefaultIfEmpty("no resource is known to change"))}; {plan.Risks} to look at twice; {plan.Problems} would fail"
            )
        );
    }

    private static void Write(StepPlan step, TextWriter output)
    {
        output.WriteLine();
        var limit =
            step.LimitMinutes is { } minutes && step.Action != StepPlanner.None
                ? string.Create(CultureInfo.InvariantCulture, $" (at most {minutes} minutes)")
                : string.Empty;
        output.WriteLine(
            $"{step.Step}: {(step.Action == StepPlanner.None ? "as wanted" : step.Action)} {step.Kind} {step.Subject ?? "(known after apply)"}{limit}"
        );
        if (step.Problem is not null)
        {
            output.WriteLine($"  would fail: {step.Problem.ReplaceLineEndings("\n    ")}");
        }

        foreach (var notice in step.Notices)
        {
            output.WriteLine($"  {notice}");
        }

        foreach (var library in step.Libraries ?? [])
        {
            var (sign, coordinate) = library switch
            {
                { From: null } => ("+", library.To),
                { To: null } => ("-", library.From),
                _ => ("~", $"{library.From} -> {library.To}"),
            };
            output.WriteLine($"  {sign, -3} {library.Library} {coordinate}");
        }

        foreach (var change in step.Changes ?? [])
        {
            var properties = change.Properties.Count == 0 ? string.Empty : $" ({string.Join(", ", change.Properties)})";
            output.WriteLine(
                $"  {Signs[change.Change], -3} {change.Resource} {change.Type}{properties}{(change.Risk is null ? string.Empty : $"   ! {change.Risk}")}"
            );
        }

        foreach (var name in step.KnownAfterApply)
        {
            output.WriteLine($"  {name} is known after apply");
        }
    }
}
