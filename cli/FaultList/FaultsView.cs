using Deployer.Cli.Output;
using Deployer.Rehearsal.World;

namespace Deployer.Cli.FaultList;

/// <summary>The faults, one after another: how each is written, and what goes wrong.</summary>
internal sealed class FaultsView : IView<IReadOnlyList<FaultKind>>
{
    private const int Gap = 2;

    /// <summary>Fewer columns than this make each effect a line of its own.</summary>
    private const int NarrowestText = 40;

    /// <inheritdoc/>
    public void Show(IReadOnlyList<FaultKind> result, Screen screen)
    {
        var column = result.Max(fault => fault.Form.Length) + Gap;
        foreach (var fault in result)
        {
            if (screen.Width - column >= NarrowestText)
            {
                screen.Paragraph(fault.Effect, hanging: column, label: fault.Form.PadRight(column));
            }
            else
            {
                screen.Line(fault.Form, Tone.Strong);
                screen.Paragraph(fault.Effect, Gap);
            }
        }

        screen.Line();
        screen.Paragraph(
            "The part in brackets chooses what the fault strikes; without it the rehearsal picks one. "
                + "N counts the requests of the operation by functions and builds from 1, the default; "
                + "'all' means every request."
        );
    }
}
