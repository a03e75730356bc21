using Deployer.Cli.Output;

namespace Deployer.Cli.Deployments;

/// <summary>What to do next, for people: each reason, and its command on a line of its own, ready to copy.</summary>
internal sealed class NextStepsView : IView<IReadOnlyList<NextStep>>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(IReadOnlyList<NextStep> result, Screen screen)
    {
        if (result.Count == 0)
        {
            return;
        }

        screen.Heading("Next");
        foreach (var step in result)
        {
            screen.Paragraph(step.Reason, Indent, hanging: Indent);
            foreach (var command in new[] { step.Command, step.Then }.OfType<string>())
            {
                screen.Line($"{new string(' ', Indent)}{command}");
            }
        }
    }
}
