using System.Text;
using System.Text.RegularExpressions;
using Deployer.Rehearsal.CloudFormation.Stacks;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.Requests;

/// <summary>Templates in the played S3, read with the caller's permissions.</summary>
public sealed partial class S3Templates(RehearsalWorld world) : ITemplateSource
{
    public string Fetch(Principal principal, string region, string url)
    {
        if (Address().Match(url) is not { Success: true } match)
        {
            throw new TemplateException("TemplateURL must be a supported URL.");
        }

        var s3 = world.Api.Find("s3") ?? throw new InvalidOperationException("S3 is not played");
        var path = $"/{match.Groups["bucket"].Value}/{match.Groups["key"].Value}";
        var answer = s3.Handle(world.Api.CallAs(principal, region, "s3", string.Empty), new WireRequest("GET", path, "", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), default));
        return answer.Status switch
        {
            200 => Encoding.UTF8.GetString(answer.Body.Span),
            404 => throw new TemplateException("S3 error: The specified key does not exist.\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"),
            _ => throw new TemplateException("S3 error: Access Denied\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"),
        };
    }

    [GeneratedRegex(
        @"^https://(?:s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com/(?<bucket>[^/]+)|(?<bucket>[^/]+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com)/(?<key>[^?]+)$",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Address();
}
