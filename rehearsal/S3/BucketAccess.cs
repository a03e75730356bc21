using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>
/// Asks for the permission that a request needs, by the caller's policies and the bucket's.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html.
/// </summary>
internal sealed class BucketAccess(RehearsalWorld world, Buckets buckets)
{
    /// <summary>The bucket, once the caller may do the action on it or on one of its objects.</summary>
    /// <exception cref="ApiException">NoSuchBucket, AccessDenied.</exception>
    public Bucket Open(Call call, string bucket, string action, string? key = null, Dictionary<string, string>? keys = null)
    {
        var found = buckets.Get(bucket);
        world.Api.Check(call, [key is null ? found.Arn : $"{found.Arn}/{key}"], $"s3:{action}", found.Policy, keys, found.Account);
        return found;
    }

    /// <summary>Who may not list a bucket does not learn which keys it lacks.</summary>
    /// <exception cref="ApiException">AccessDenied.</exception>
    public void EnsureMayKnowAbsence(Call call, Bucket bucket) => Open(call, bucket.Name, "ListBucket");
}
