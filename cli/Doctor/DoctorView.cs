using Deployer.Cli.Output;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Doctor;

/// <summary>A table of checks: a line each, below it what to do.</summary>
internal sealed class DoctorView : IView<DoctorReport>
{
    private const int Gap = 2;
    private const int Indent = 4;
    private const int WidestName = 36;

    /// <inheritdoc/>
    public void Show(DoctorReport result, Screen screen)
    {
        screen.Line($"{result.Service} to {result.Target}: account {result.Account}, {result.Region}", Tone.Strong);
        screen.Line();
        var width = Math.Min(result.Checks.Select(check => check.Check.Length).DefaultIfEmpty().Max(), WidestName);
        foreach (var check in result.Checks)
        {
            var (mark, tone) = Mark(check.Status);
            var label = $"{mark} {check.Status.ToString().ToLowerInvariant(), -8}{check.Check.PadRight(width)}{new string(' ', Gap)}";
            // Beside a label that takes more than half of the window, words and commands would be cut.
            var isBeside = label.Length <= screen.Width / 2;
            if (isBeside)
            {
                screen.Paragraph(check.Text, hanging: label.Length, tone: tone, label: label);
            }
            else
            {
                screen.Paragraph(label.TrimEnd(), hanging: Gap, tone: tone);
                screen.Paragraph(check.Text, Indent, tone: tone);
            }

            if (check.Remedy is { } remedy)
            {
                screen.Paragraph($"→ {remedy}", isBeside ? label.Length : Indent, hanging: Gap);
            }
        }

        screen.Line();
        screen.Paragraph(Summary(result), tone: result.Problems == 0 ? Tone.Good : Tone.Bad);
    }

    private static string Summary(DoctorReport report) =>
        report.Problems == 0
            ? $"✓ nothing stands in the way of a deployment; {report.Checks.Count} results, {report.Notices} notices"
            : $"✗ {report.Problems} of {report.Checks.Count} results are problems, {report.Notices} are notices";

    private static (string Mark, Tone Tone) Mark(CheckStatus status) =>
        status switch
        {
            CheckStatus.Ok => ("✓", Tone.Plain),
            CheckStatus.Notice => ("!", Tone.Warning),
            _ => ("✗", Tone.Bad),
        };
}
