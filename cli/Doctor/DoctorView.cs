using System.Text.RegularExpressions;
using Deployer.Cli.Output;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Doctor;

/// <summary>A table of checks: a line each, below it what to do.</summary>
internal sealed partial class DoctorView : IView<DoctorReport>
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
                ShowRemedy(remedy, isBeside ? label.Length : Indent, screen);
            }
        }

        screen.Line();
        screen.Paragraph(Summary(result), tone: result.Problems == 0 ? Tone.Good : Tone.Bad);
    }

    /// <summary>Commands stand on lines of their own, whole: they are copied as they stand.</summary>
    private static void ShowRemedy(string remedy, int indent, Screen screen)
    {
        var shown = 0;
        for (var command = CommandOf().Match(remedy); command.Success; command = command.NextMatch())
        {
            ShowWords(command.Index);
            screen.Line($"{new string(' ', indent + Gap)}{command.Value}");
            shown = command.Index + command.Length;
        }

        ShowWords(remedy.Length);

        void ShowWords(int end)
        {
            if (remedy[shown..end].TrimStart(',', ';', ' ') is { Length: > 0 } words)
            {
                var (text, at, hanging) = shown == 0 ? ($"→ {words}", indent, Gap) : (words, indent + Gap, 0);
                screen.Paragraph(text, at, hanging);
            }
        }
    }

    // As remedies have them: behind a colon, to the end or to what is said of it.
    [GeneratedRegex("(?<=: )(deployer|aws) .+?(?=, |; | \\(|$)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex CommandOf();

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
