using Deployer.Cli.Deployments;
using Deployer.Cli.Output;

namespace Deployer.Cli.Bootstrap;

/// <summary>
/// What <c>deployer teardown</c> did, for people: the verdict, the cause of a failure, what stays and why, and what has to go first.
/// </summary>
internal sealed class TeardownView : IView<TeardownReport>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(TeardownReport result, Screen screen)
    {
        var (line, tone) = result.Verdict switch
        {
            TeardownVerdict.Deleted => ($"✓ {result.Stack} is deleted", Tone.Good),
            TeardownVerdict.Absent => ($"✓ there is no {result.Stack}", Tone.Good),
            TeardownVerdict.Refused => (
                $"✗ {result.Stack} cannot be deleted yet, and nothing was changed: others are attached to its roles or policies",
                Tone.Bad
            ),
            _ => ($"✗ {result.Stack}: {result.Status}", Tone.Bad),
        };
        screen.Paragraph(line, hanging: Indent, tone: tone);
        foreach (var kept in result.Kept)
        {
            screen.Paragraph(
                $"stays: {kept.Name} ({kept.Type}) {kept.Id}; its template retains it"
                    + (kept.Why is { } why ? $", since {why}" : string.Empty),
                Indent,
                hanging: Indent
            );
        }

        if (result.Cause is { } cause)
        {
            StackFailureView.Show(cause, screen);
        }

        new NextStepsView().Show(result.Next, screen);
    }
}
