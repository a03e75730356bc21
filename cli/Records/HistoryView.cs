using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Records;

/// <summary>Deployments, the newest first: two lines each, and the cause of a failure.</summary>
internal sealed class HistoryView : IView<HistoryReport>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(HistoryReport result, Screen screen)
    {
        if (result.Deployments.Count == 0)
        {
            screen.Line($"{result.Service} was not deployed to {result.Target} by this deployer in the last 90 days");
        }

        foreach (var deployment in result.Deployments)
        {
            Show(deployment, screen);
        }

        LookView.Show(result.Looks, screen, Indent);
    }

    private static void Show(PastDeployment deployment, Screen screen)
    {
        var (mark, tone) = deployment.Verdict switch
        {
            Verdict.Succeeded or Verdict.NothingToDo => ("✓", Tone.Good),
            Verdict.Running => ("▸", Tone.Warning),
            Verdict.Stopped => ("-", Tone.Warning),
            _ => ("✗", Tone.Bad),
        };
        var took = deployment.EndedAt is { } end ? $" in {SimulatedTime.Text(end - deployment.StartedAt)}" : string.Empty;
        var redriven = deployment.Redrives switch
        {
            0 => string.Empty,
            1 => ", redriven once",
            _ => $", redriven {deployment.Redrives} times",
        };
        var revision = deployment.Revision is { } commit ? $", revision {commit}" : string.Empty;
        screen.Line(
            ($"{mark} ", tone),
            (
                $"{deployment.Number?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-", 4}  {deployment.StartedAt:u}  ",
                Tone.Plain
            ),
            (deployment.Verdict.Words(), tone),
            ($"{took}{redriven}", Tone.Plain)
        );
        screen.Paragraph(
            deployment is { Verdict: Verdict.Running, Number: null, By: null }
                ? "not taken up by the deployer yet"
                : $"{deployment.Purpose} by {deployment.By ?? "an unnamed caller"}{revision}",
            Indent + 6,
            hanging: Indent
        );
        if (deployment.ApprovedBy is { } approver)
        {
            screen.Paragraph($"approved by {approver}", Indent + 6, hanging: Indent);
        }

        foreach (var (step, released) in deployment.Released)
        {
            // Not wrapped: what is copied is whole.
            screen.Line($"{new string(' ', Indent + 6)}{step}: revision {released}");
        }

        if (deployment.Error is { } error)
        {
            screen.Paragraph(
                string.IsNullOrEmpty(deployment.Cause) ? error : $"{error}: {deployment.Cause}",
                Indent + 6,
                hanging: Indent,
                Tone.Bad
            );
        }

        foreach (var fault in deployment.NotSent ?? [])
        {
            screen.Paragraph(fault, Indent + 6, hanging: Indent, Tone.Warning);
        }

        screen.Line($"{new string(' ', Indent + 6)}{deployment.Deployment}");
    }
}
