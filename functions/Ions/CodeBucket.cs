using System.Globalization;
using System.IO.Compression;
using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ions;

/// <summary>
/// The bucket of an account and region in which ion-dev puts revisions and libraries, known by the tag <c>datomic:code</c>. The
/// layout below <c>datomic/apps</c> and <c>datomic/libs</c> is not documented in full: objects are found by the ends of their keys.
/// </summary>
public sealed class CodeBucket(IAmazonS3 s3, string name)
{
    /// <summary>The tag of the bucket.</summary>
    internal const string Tag = "datomic:code";

    /// <summary>How Datomic begins the name of the bucket that it makes (an id follows).</summary>
    public const string NamePrefix = "datomic-code-";

    /// <summary>The bucket's name.</summary>
    public string Name { get; } = name;

    /// <summary>The names of the buckets with the tag; ion-dev works with exactly one.</summary>
    public static async Task<IReadOnlyList<string>> Tagged(TargetAccount account)
    {
        var found = await account.Tagging.GetResourcesAsync(
            new GetResourcesRequest { ResourceTypeFilters = ["s3"], TagFilters = [new TagFilter { Key = Tag }] }
        );
        return [.. (found.ResourceTagMappingList ?? []).Select(mapping => mapping.ResourceARN.Split(':')[^1])];
    }

    /// <summary>The account's only code bucket, or <see langword="null"/>.</summary>
    public static async Task<CodeBucket?> Find(TargetAccount account) =>
        await Tagged(account) is [var only] ? new CodeBucket(account.S3, only) : null;

    /// <summary>The key of a revision's zip, or <see langword="null"/> when it is not there.</summary>
    public async Task<string?> Zip(string application, string revision) =>
        (await List($"datomic/apps/{application}/"))
            .FirstOrDefault(found => found.Key.EndsWith($"/{revision}.zip", StringComparison.Ordinal))
            ?.Key;

    /// <summary>Digest of the names and contents of the files in a zip. Their times differ from push to push and do not count.</summary>
    public async Task<string> ZipDigest(string key)
    {
        using var answer = await s3.GetObjectAsync(Name, key);
        await using var bytes = TemporaryFile.Create();
        await answer.ResponseStream.CopyToAsync(bytes);
        using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
        var files = zip
            .Entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.FullName} {entry.Length} {entry.Crc32:x8}"));
        return Names.Digest(string.Join('\n', files));
    }

    /// <summary>
    /// What distinguishes the contents of libraries, by key: their size, and the MD5 that an ETag is unless S3 encrypts with KMS or the
    /// object came in parts.
    /// </summary>
    /// <param name="libraries">Maven versions by library.</param>
    public async Task<IReadOnlyDictionary<string, string>> Libraries(IReadOnlyDictionary<string, string> libraries)
    {
        var files = libraries.Select(library => $"/{library.Key[(library.Key.LastIndexOf('/') + 1)..]}-{library.Value}.jar").ToList();
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var library in (await List("datomic/libs/")).Where(candidate =>
                files.Exists(file => candidate.Key.EndsWith(file, StringComparison.Ordinal))
            )
        )
        {
            var size = string.Create(CultureInfo.InvariantCulture, $"{library.Size} bytes");
            var etag = library.ETag?.Trim('"');
            found[library.Key] = etag is null || etag.Contains('-') || await IsKmsEncrypted(library.Key) ? size : $"{size}, MD5 {etag}";
        }

        return found;
    }

    private async Task<bool> IsKmsEncrypted(string key) =>
        (await s3.GetObjectMetadataAsync(Name, key)).ServerSideEncryptionMethod?.Value is { } method
        && method.StartsWith("aws:kms", StringComparison.Ordinal);

    private async Task<IReadOnlyList<S3Object>> List(string prefix)
    {
        return await Pages.All(
            next =>
                s3.ListObjectsV2Async(
                    new ListObjectsV2Request
                    {
                        BucketName = Name,
                        Prefix = prefix,
                        ContinuationToken = next,
                    }
                ),
            answer => answer.S3Objects,
            answer => answer.NextContinuationToken
        );
    }
}
