using Deployer.Cli.Deployments;
using Deployer.Cli.Output;

namespace Deployer.Cli.Bootstrap;

/// <summary>What <c>deployer bootstrap</c> did, for people: the verdict, the cause of a failure, and what comes next.</summary>
internal sealed class BootstrapView : IView<BootstrapReport>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(BootstrapReport result, Screen screen)
    {
        var (mark, tone) = result.Verdict == BootstrapVerdict.Failed ? ("✗", Tone.Bad) : ("✓", Tone.Good);
        var end = result.Verdict == BootstrapVerdict.Unchanged ? "no changes" : result.Status;
        screen.Paragraph($"{mark} {result.Stack}: {end}", hanging: Indent, tone: tone);
        if (result.Cause is { } cause)
        {
            StackFailureView.Show(cause, screen);
        }

        new NextStepsView().Show(result.Next, screen);
    }
}
