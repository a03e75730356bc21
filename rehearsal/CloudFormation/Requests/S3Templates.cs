using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.ResourceTypes;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Templates in the simulated S3, read with the caller's permissions.</summary>
public sealed partial class S3Templates(RehearsalWorld world) : ITemplateSource
{
    /// <inheritdoc/>
    public string Fetch(Principal principal, string region, string url)
    {
        if (TemplateVersions.IsIn(url))
        {
            var (problem, expected) = TemplateVersions.Unsupported(url);
            throw new TemplateException($"{problem}; expected {expected}");
        }

        if (Address().Match(url) is not { Success: true } match)
        {
            throw new TemplateException("TemplateURL must be a supported URL.");
        }

        return S3Texts.Read(world, principal, region, match.Groups["bucket"].Value, match.Groups["key"].Value);
    }

    [GeneratedRegex(
        @"^https://(?:s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com/(?<bucket>[^/]+)|(?<bucket>[^/]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com)"
            + "/(?<key>[^?]+)$",
        RegexOptions.ExplicitCapture,
        60_000
    )]
    private static partial Regex Address();
}
