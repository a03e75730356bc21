using System.Text;
using Amazon.S3.Model;
using Deployer.Rehearsal.CloudFormation.Templates;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Reads texts from the simulated S3.</summary>
internal static class S3Texts
{
    private const string More = "\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html";

    /// <summary>
    /// The text of an object. A bucket and a key that do not exist are different errors:
    /// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
    /// </summary>
    /// <exception cref="TemplateException">The object cannot be read, in CloudFormation's words.</exception>
    public static string Read(RehearsalWorld world, Principal principal, string region, string bucket, string key)
    {
        try
        {
            var answer = world.Api.Invoke<GetObjectResponse>(
                principal,
                region,
                new GetObjectRequest { BucketName = bucket, Key = Uri.UnescapeDataString(key) }
            );
            using var reader = new StreamReader(answer.ResponseStream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (ApiException refusal)
        {
            throw new TemplateException(
                refusal.Code switch
                {
                    "NoSuchBucket" => "S3 error: The specified bucket does not exist",
                    _ when refusal.Status == 404 => "S3 error: The specified key does not exist.",
                    _ => "S3 error: Access Denied",
                } + More
            );
        }
    }
}
