using Amazon.ResourceGroupsTaggingAPI.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Rehearsal.Datomic.Edn;

namespace Deployer.Rehearsal.Datomic.IonDev;

/// <summary>The code bucket: the one bucket of an account and region that is tagged <c>datomic:code</c>.</summary>
internal sealed class CodeBucket(IAmazonS3 s3, string name, CancellationToken ended)
{
    /// <summary>The key of the tag that marks it.</summary>
    public const string Tag = "datomic:code";

    /// <summary>The bucket's name.</summary>
    public string Name { get; } = name;

    /// <summary>Finds it by its tag.</summary>
    /// <exception cref="CommandFailedException">There is none, or more than one.</exception>
    public static async Task<CodeBucket> Find(IonDevClients clients)
    {
        var found = await clients.Tagging.GetResourcesAsync(
            new GetResourcesRequest { ResourceTypeFilters = ["s3"], TagFilters = [new TagFilter { Key = Tag }] },
            clients.Ended
        );
        return found.ResourceTagMappingList is [var bucket]
            ? new CodeBucket(clients.S3, bucket.ResourceARN.Split(':')[^1], clients.Ended)
            : throw new CommandFailedException(
                "Unable to find a unique code bucket. Make sure that you are running\nDatomic Cloud in the region you are deploying to.",
                data: new EdnMap([new(Tag, null)])
            );
    }

    /// <summary>Whether an object is there.</summary>
    public async Task<bool> Has(string key)
    {
        var found = await s3.ListObjectsV2Async(
            new ListObjectsV2Request
            {
                BucketName = Name,
                Prefix = key,
                MaxKeys = 1,
            },
            ended
        );
        return found.S3Objects is [var first, ..] && first.Key == key;
    }

    /// <summary>Writes an object.</summary>
    public Task Put(string key, byte[] content) =>
        s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = Name,
                Key = key,
                InputStream = new MemoryStream(content),
            },
            ended
        );

    /// <summary>The ion-config of a pushed revision.</summary>
    /// <exception cref="CommandFailedException">No such revision was pushed.</exception>
    public async Task<IonConfig> Config(string key)
    {
        try
        {
            using var answer = await s3.GetObjectAsync(Name, key, ended);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, ended);
            content.Position = 0;
            return RevisionZip.Config(content);
        }
        catch (NoSuchKeyException)
        {
            throw new CommandFailedException($"Unable to find the revision s3://{Name}/{key}. Push it first.");
        }
    }
}
