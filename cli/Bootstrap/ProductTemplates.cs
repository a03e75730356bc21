using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Cli.AwsAccounts;
using Deployer.Cli.Progress;
using Deployer.Cli.Rehearsals;
using ProgressEvent = Deployer.Cli.Progress.ProgressEvent;

namespace Deployer.Cli.Bootstrap;

/// <summary>A template as CloudFormation takes it.</summary>
/// <param name="Body">The template; <see langword="null"/> when it is in S3.</param>
/// <param name="Url">Where it is in S3, for one that is larger than a request may hold.</param>
internal sealed record PlacedTemplate(string? Body, string? Url);

/// <summary>The templates that come with the program.</summary>
internal static partial class ProductTemplates
{
    /// <summary>The largest template in a request, in bytes.</summary>
    /// <remarks>https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html</remarks>
    public const int LargestInRequest = 51_200;

    /// <summary>The functions, native, where the package has them.</summary>
    public static string Functions => Path.Combine(RehearsedService.Product, "functions.zip");

    /// <summary>A template beside the deployer's own.</summary>
    /// <inheritdoc cref="Place"/>
    public static Task<PlacedTemplate> Read(AwsAccess access, string name, IProgressView progress, CancellationToken cancellation) =>
        Place(access, name, File.ReadAllText(Path.Combine(RehearsedService.Product, "templates", name)), progress, cancellation);

    /// <summary>
    /// Has a template where CloudFormation takes it from: in the request, or in the bucket for artifacts when it is larger.
    /// </summary>
    /// <param name="access">The account of the stack.</param>
    /// <param name="name">The template's file.</param>
    /// <param name="template">The template.</param>
    /// <param name="progress">Where progress is shown.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<PlacedTemplate> Place(
        AwsAccess access,
        string name,
        string template,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        var bytes = Encoding.UTF8.GetBytes(template);
        if (bytes.Length <= LargestInRequest)
        {
            return new PlacedTemplate(template, null);
        }

        var bucket = Bucket(access);
        using var s3 = access.Connection.OpenS3();
        await MakeBucket(s3, bucket, access, progress, cancellation);
        var key = await Put(s3, bucket, bytes, name, cancellation);
        return new PlacedTemplate(null, $"https://s3.{access.Region}.amazonaws.com/{bucket}/{key}");
    }

    /// <summary>
    /// Uploads what the deployer's template names to a bucket for artifacts that is made where it is missing.
    /// </summary>
    /// <param name="access">The tools account.</param>
    /// <param name="functions">The zip with the functions.</param>
    /// <param name="progress">Where progress is shown.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The template, with what was uploaded in the place of files.</returns>
    public static async Task<string> Package(AwsAccess access, string functions, IProgressView progress, CancellationToken cancellation)
    {
        var bucket = Bucket(access);
        using var s3 = access.Connection.OpenS3();
        await MakeBucket(s3, bucket, access, progress, cancellation);
        var template = await File.ReadAllTextAsync(Path.Combine(RehearsedService.Product, "template.yaml"), cancellation);
        var packaged = template;
        foreach (Match local in Local().Matches(template))
        {
            var path = local.Groups["path"].Value;
            var file = path == "functions/" ? functions : Path.Combine(RehearsedService.Product, path);
            progress.Report(new ProgressEvent.WorkBegan($"uploading {Path.GetFileName(file)}"));
            var bytes = await File.ReadAllBytesAsync(file, cancellation);
            var key = await Put(s3, bucket, bytes, Path.GetFileName(file), cancellation);
            packaged = packaged.Replace(local.Value, $"{local.Groups["name"].Value}: s3://{bucket}/{key}", StringComparison.Ordinal);
        }

        return packaged;
    }

    /// <summary>The bucket of an account and region that templates and functions are uploaded to.</summary>
    public static string Bucket(AwsAccess access) => $"deployer-artifacts-{access.Account}-{access.Region}";

    /// <summary>The same content has the same key, so that a second run of the same program changes nothing.</summary>
    private static async Task<string> Put(IAmazonS3 s3, string bucket, byte[] content, string name, CancellationToken cancellation)
    {
        var key = $"{Convert.ToHexStringLower(SHA256.HashData(content))}/{name}";
        using var stream = new MemoryStream(content);
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = stream,
            },
            cancellation
        );
        return key;
    }

    /// <summary>Whether a bucket is there.</summary>
    internal static async Task<bool> HasBucket(IAmazonS3 s3, string bucket, CancellationToken cancellation)
    {
        try
        {
            await s3.GetBucketLocationAsync(new GetBucketLocationRequest { BucketName = bucket }, cancellation);
            return true;
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private static async Task MakeBucket(
        IAmazonS3 s3,
        string bucket,
        AwsAccess access,
        IProgressView progress,
        CancellationToken cancellation
    )
    {
        if (!await HasBucket(s3, bucket, cancellation))
        {
            progress.Report(new ProgressEvent.WorkEnded($"makes the bucket {bucket} for templates and functions"));
            await s3.PutBucketAsync(
                new PutBucketRequest { BucketName = bucket, BucketRegionName = access.Region == "us-east-1" ? null : access.Region },
                cancellation
            );
        }
    }

    [GeneratedRegex("(?<name>CodeUri|DefinitionUri): (?<path>[a-z][A-Za-z./]*)(?=\n)")]
    private static partial Regex Local();
}
