using Amazon.S3.Model;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>Objects read and written by other services, under the policies of the principal in whose name they act.</summary>
internal static class ObjectCalls
{
    /// <exception cref="ApiException">S3's error.</exception>
    internal static (byte[] Bytes, string VersionId, string ETag) GetObject(
        this Api api,
        Principal principal,
        string region,
        string bucket,
        string key
    )
    {
        var answer = api.Invoke<GetObjectResponse>(principal, region, new GetObjectRequest { BucketName = bucket, Key = key });
        using var content = new MemoryStream();
        answer.ResponseStream.CopyTo(content);
        return (content.ToArray(), answer.VersionId ?? "null", answer.ETag.Trim('"'));
    }

    /// <summary>
    /// Asks for permissions that a service documents as needed beside the requests that it makes here: on the bucket, or on an object.
    /// </summary>
    /// <exception cref="ApiException">NoSuchBucket, AccessDeniedException.</exception>
    internal static void CheckBucket(
        this Api api,
        Buckets buckets,
        Principal principal,
        string bucket,
        string? key,
        params string[] actions
    )
    {
        var found = buckets.Get(bucket);
        foreach (var action in actions)
        {
            api.Check(principal, found.Account, [Arn(found, key)], $"s3:{action}", found.Policy);
        }
    }

    /// <summary>Whether a permission is given on a bucket, or on an object.</summary>
    /// <exception cref="ApiException">NoSuchBucket.</exception>
    internal static bool MayUse(this Api api, Buckets buckets, Principal principal, string bucket, string? key, string action)
    {
        var found = buckets.Get(bucket);
        return api.Allows(principal, found.Account, Arn(found, key), $"s3:{action}", found.Policy);
    }

    private static string Arn(Bucket bucket, string? key) => key is null ? bucket.Arn : $"{bucket.Arn}/{key}";

    /// <exception cref="ApiException">S3's error.</exception>
    internal static void PutObject(this Api api, Principal principal, string region, string bucket, string key, byte[] bytes) =>
        api.Invoke<PutObjectResponse>(
            principal,
            region,
            new PutObjectRequest
            {
                BucketName = bucket,
                Key = key,
                InputStream = new MemoryStream(bytes, writable: false),
            }
        );
}
