using Deployer.Cli.Output;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Places;

/// <summary>Looks: what had happened, since when and by which operation, what differed, and what was done.</summary>
internal static class LookView
{
    /// <summary>Shows looks under a heading; one at what the deployer itself has had happen, with nothing found, is no news.</summary>
    public static void Show(IReadOnlyList<LookReport>? looks, Screen screen, int indent)
    {
        var news = (looks ?? [])
            .Where(look => look.Result != "nothing-differs" || look.Changes.Any(change => !change.IsOfDeployer))
            .ToList();
        if (news.Count > 0)
        {
            screen.Heading("Changed outside of deployments");
            news.ForEach(look => Show(look, screen, indent));
        }
    }

    /// <summary>Shows a look.</summary>
    public static void Show(LookReport look, Screen screen, int indent)
    {
        var (mark, tone, words) = look.Result switch
        {
            "nothing-differs" => ("✓", Tone.Good, "nothing differs from what was deployed"),
            "redeployed" when look.EndOfDeployment is { } end => ("✗", Tone.Bad, $"not deployed again: {look.Deployment} {end}"),
            "redeployed" => ("▸", Tone.Warning, $"deployed again by {look.Deployment}"),
            "planned" => ("▸", Tone.Warning, $"planned again by {look.Plan}"),
            "ignored" => ("-", Tone.Faint, "ignored, as the target says"),
            "nothing-deployed" => ("-", Tone.Faint, "nothing was deployed here with success before"),
            _ => ("✗", Tone.Bad, "not as it was deployed"),
        };
        var (before, at) = (new string(' ', indent), $"{look.At:u}");
        if (before.Length + mark.Length + 1 + at.Length + 2 + words.Length <= screen.Width)
        {
            screen.Line((before, Tone.Plain), ($"{mark} ", tone), ($"{at}  ", Tone.Plain), (words, tone));
        }
        else
        {
            screen.Line((before, Tone.Plain), ($"{mark} ", tone), (at, Tone.Plain));
            screen.Paragraph(words, indent + 2, hanging: 2, tone: tone);
        }

        foreach (var happened in OutsideChange.Sentences(look.Changes))
        {
            screen.Paragraph(happened, indent + 4, hanging: 2);
        }

        if (look.Changes.Count >= PendingChange.MostNamed)
        {
            screen.Paragraph(
                $"no more than {PendingChange.MostNamed} changes are named: there may have been others",
                indent + 4,
                hanging: 2
            );
        }

        foreach (var difference in look.Differences)
        {
            screen.Paragraph(difference, indent + 4, hanging: 2);
        }

        if (look.Reason is { } reason)
        {
            screen.Paragraph(reason, indent + 4, hanging: 2);
        }
    }
}
