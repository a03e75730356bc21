using Deployer.Cli.Output;
using Deployer.Cli.Plans;

namespace Deployer.Cli.Bootstrap;

/// <summary>What a person is asked about: each resource that changes, as a plan shows it.</summary>
/// <param name="place">Which stack, and where.</param>
internal sealed class PreparedChangeView(StackPlace place) : IView<PreparedChange>
{
    /// <inheritdoc/>
    public void Show(PreparedChange result, Screen screen)
    {
        screen.Paragraph($"{place}: {(result.IsNew ? "new" : "changes")}", hanging: 2, tone: Tone.Strong);
        foreach (var change in result.Resources.OrderBy(change => change.Resource, StringComparer.Ordinal))
        {
            new PlannedChangeView().Show(change.ToPlannedChange(), screen);
        }
    }
}
