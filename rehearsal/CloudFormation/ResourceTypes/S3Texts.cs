using System.Text;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Reads texts from the played S3.</summary>
internal static class S3Texts
{
    private const string More = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";

    /// <exception cref="TemplateException">The object cannot be read, in CloudFormation's words.</exception>
    public static string Read(RehearsalWorld world, Principal principal, string region, string bucket, string key)
    {
        var s3 = world.Api.Find("s3") ?? throw new InvalidOperationException("S3 is not played");
        var request = new WireRequest(
            "GET",
            $"/{bucket}/{key}",
            "",
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase),
            default
        );
        var answer = s3.Handle(world.Api.CallAs(principal, region, "s3", string.Empty), request);
        return answer.Status switch
        {
            200 => Encoding.UTF8.GetString(answer.Body.Span),
            404 => throw new TemplateException("S3 error: The specified key does not exist." + More),
            _ => throw new TemplateException("S3 error: Access Denied" + More),
        };
    }
}
