using Deployer.Cli.Output;

namespace Deployer.Cli.Validation;

/// <summary>The faults for people, one on each line as editors recognise them, so a line is not wrapped.</summary>
/// <param name="folder">The service's folder, as it was given.</param>
internal sealed class ValidationView(string folder) : IView<ValidationReport>
{
    /// <inheritdoc/>
    public void Show(ValidationReport result, Screen screen)
    {
        foreach (var fault in result.Faults)
        {
            screen.Line(
                ($"{Path.Combine(folder, fault.File)}:{fault.Line}:{fault.Column}: ", Tone.Strong),
                ($"{fault.Problem}; expected {fault.Expected}", Tone.Plain)
            );
        }

        foreach (var notice in result.Notices)
        {
            screen.Line(
                ($"{Path.Combine(folder, notice.File)}:{notice.Line}:{notice.Column}: ", Tone.Strong),
                ($"notice: {notice.Text}", Tone.Warning)
            );
        }

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
}
