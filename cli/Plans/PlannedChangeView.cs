using Deployer.Cli.Output;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Plans;

/// <summary>A change for people: a sign, what changes, and what deserves a second look.</summary>
internal sealed class PlannedChangeView : IView<PlannedChange>
{
    private const int Indent = 2;
    private const int SignWidth = 4;

    private static readonly Dictionary<ChangeKind, (string Sign, Tone Tone)> Signs = new()
    {
        [ChangeKind.Added] = ("+", Tone.Good),
        [ChangeKind.Modified] = ("~", Tone.Warning),
        [ChangeKind.Replaced] = ("-/+", Tone.Bad),
        [ChangeKind.Removed] = ("-", Tone.Bad),
        [ChangeKind.Imported] = ("+", Tone.Good),
        [ChangeKind.Dynamic] = ("?", Tone.Plain),
    };

    /// <inheritdoc/>
    public void Show(PlannedChange result, Screen screen)
    {
        var (sign, tone) = Signs[result.Change];
        screen.Paragraph(result.Text, Indent, hanging: SignWidth, tone, label: sign.PadRight(SignWidth));
        if (result.Risk is { } risk)
        {
            screen.Paragraph($"! {risk}", Indent + SignWidth, hanging: Indent, Tone.Bad);
        }
    }
}
