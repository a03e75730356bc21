using Deployer.Cli.Deployments;
using Deployer.Cli.Output;

namespace Deployer.Cli.Init;

/// <summary>What <c>deployer init</c> wrote, for people.</summary>
internal sealed class InitView : IView<InitReport>
{
    /// <inheritdoc/>
    public void Show(InitReport result, Screen screen)
    {
        foreach (var file in result.Files.SkipLast(1))
        {
            screen.Paragraph($"✓ {file} is written", hanging: 2, tone: Tone.Good);
        }

        screen.Paragraph($"✓ {result.Files[^1]} is valid", hanging: 2, tone: Tone.Good);
        new NextStepsView().Show(result.Next, screen);
    }
}
