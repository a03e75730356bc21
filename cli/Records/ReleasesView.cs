using Deployer.Cli.Output;

namespace Deployer.Cli.Records;

/// <summary>What runs, by targets.</summary>
/// <param name="targets">The targets that were asked for.</param>
internal sealed class ReleasesView(IReadOnlyList<string> targets) : IView<ReleasesReport>
{
    private const int Indent = 2;

    /// <inheritdoc/>
    public void Show(ReleasesReport result, Screen screen)
    {
        foreach (var target in targets)
        {
            var releases = result.Releases.Where(release => release.Target == target).ToList();
            screen.Line(($"{result.Service} on {target}", Tone.Strong));
            if (releases.Count == 0)
            {
                screen.Paragraph("nothing was released by this deployer", Indent);
            }

            foreach (var release in releases)
            {
                var since = release.Since is { } at ? $"since {at:u}" : "for more than 90 days";
                var number = release.Number is { } given
                    ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" (deployment {given})")
                    : string.Empty;
                screen.Paragraph(
                    $"{release.Step}: {release.Resource}, {since}, by {release.By ?? "an unnamed caller"}{number}",
                    Indent,
                    hanging: Indent
                );
            }
        }
    }
}
