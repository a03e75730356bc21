using Deployer.Cli.Output;
using Deployer.Functions.Steps;

namespace Deployer.Cli.Plans;

/// <summary>A change for people: a sign, what changes, and what deserves a second look.</summary>
internal sealed class PlannedChangeView : IView<PlannedChange>
{
    private const int Indent = 2;
    private const int SignWidth = 4;

    private static readonly Dictionary<string, (string Sign, Tone Tone)> Signs = new(StringComparer.Ordinal)
    {
        ["added"] = ("+", Tone.Good),
        ["modified"] = ("~", Tone.Warning),
        ["replaced"] = ("-/+", Tone.Bad),
        ["removed"] = ("-", Tone.Bad),
        ["imported"] = ("+", Tone.Good),
        ["dynamic"] = ("?", Tone.Plain),
    };

    /// <summary>The words for changes, in the order in which they are counted.</summary>
    public static IEnumerable<string> Words => Signs.Keys;

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
