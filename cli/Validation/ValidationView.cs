using Deployer.Cli.Output;

namespace Deployer.Cli.Validation;

/// <summary>The faults for people, one on each line as editors recognise them, so a line is not wrapped.</summary>
/// <param name="folder">The service's folder, as it was given.</param>
internal sealed class ValidationView(string folder) : IView<ValidationReport>
{
    /// <summary>The most faults, and the most notices, that are shown: the document holds all of them.</summary>
    public const int Most = 200;

    /// <inheritdoc/>
    public void Show(ValidationReport result, Screen screen)
    {
        foreach (var fault in result.Faults.Take(Most))
        {
            screen.Line(
                ($"{Path.Combine(folder, fault.File)}:{fault.Line}:{fault.Column}: ", Tone.Strong),
                ($"{fault.Problem}; expected {fault.Expected}", Tone.Plain)
            );
        }

        ShowRest(result.Faults.Count, "fault", screen);
        foreach (var notice in result.Notices.Take(Most))
        {
            screen.Line(
                ($"{Path.Combine(folder, notice.File)}:{notice.Line}:{notice.Column}: ", Tone.Strong),
                ($"notice: {notice.Text}", Tone.Warning)
            );
        }

        ShowRest(result.Notices.Count, "notice", screen);
        screen.Line(
            result.Faults.Count switch
            {
                0 => "no faults",
                1 => "1 fault",
                var count => $"{count} faults",
            },
            result.Faults.Count == 0 ? Tone.Good : Tone.Bad
        );
    }

    private static void ShowRest(int count, string what, Screen screen)
    {
        if (count > Most)
        {
            screen.Line($"and {count - Most} more {what}{(count - Most == 1 ? "" : "s")}; --json FILE has all of them", Tone.Plain);
        }
    }
}
