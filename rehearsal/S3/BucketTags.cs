using Deployer.Rehearsal.Tagging;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>The buckets, found by their tags.</summary>
public sealed class BucketTags(RehearsalWorld world) : ITagSource
{
    private readonly Buckets _buckets = new(world);

    /// <inheritdoc/>
    public IEnumerable<TaggedResource> Tagged(string account, string region) =>
        _buckets
            .All.Where(bucket => bucket.Account == account && bucket.Region == region && bucket.Tags.Count > 0)
            .Select(bucket => new TaggedResource(bucket.Arn, bucket.Tags));
}
