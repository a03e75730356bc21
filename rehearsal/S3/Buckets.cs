using System.Text.RegularExpressions;
using Deployer.Rehearsal.Iam;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>The buckets of every account. Errors are S3's.</summary>
public sealed partial class Buckets(RehearsalWorld world)
{
    private readonly Table<Bucket> _buckets = world.Store.VersionedTable<Bucket>("s3/buckets", bucket => bucket);
    private readonly Table<ObjectHistory> _objects = world.Store.Table<ObjectHistory>("s3/objects");

    /// <summary>Every bucket, by name.</summary>
    public IEnumerable<Bucket> All => _buckets.WithPrefix("").Select(bucket => bucket.Value);

    /// <summary>The bucket, or null.</summary>
    public Bucket? Find(string name) => _buckets.Get(name);

    /// <summary>The bucket.</summary>
    /// <exception cref="ApiException">NoSuchBucket.</exception>
    public Bucket Get(string name) => Find(name) ?? throw S3Error.NoSuchBucket(name);

    /// <summary>Makes a bucket. In us-east-1 its owner may make it again, as on AWS.</summary>
    /// <exception cref="ApiException">InvalidBucketName, BucketAlreadyExists, BucketAlreadyOwnedByYou.</exception>
    public Bucket Create(Bucket bucket)
    {
        if (!Shape().IsMatch(bucket.Name))
        {
            throw new ApiException("InvalidBucketName", "The specified bucket is not valid.");
        }

        if (Find(bucket.Name) is { } known)
        {
            return known.Account != bucket.Account
                    ? throw new ApiException(
                        "BucketAlreadyExists",
                        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please "
                            + "select a different name and try again.",
                        409
                    )
                : bucket.Region != "us-east-1"
                    ? throw new ApiException(
                        "BucketAlreadyOwnedByYou",
                        "Your previous request to create the named bucket succeeded and you already own it.",
                        409
                    )
                : known;
        }

        return Put(bucket with { Created = world.Now });
    }

    /// <summary>Changes versioning, policy or tags.</summary>
    /// <exception cref="ApiException">NoSuchBucket, MalformedPolicy.</exception>
    public Bucket Update(Bucket bucket)
    {
        var old = Get(bucket.Name);
        if (bucket.Policy is not null)
        {
            try
            {
                PolicyDocument.Parse(bucket.Policy, PolicyKind.Resource);
            }
            catch (MalformedPolicyException malformed)
            {
                throw new ApiException("MalformedPolicy", malformed.Message);
            }
        }

        return Put(bucket with { Account = old.Account, Region = old.Region, Created = old.Created });
    }

    /// <summary>Deletes an empty bucket.</summary>
    /// <exception cref="ApiException">NoSuchBucket, BucketNotEmpty.</exception>
    public void Delete(string name)
    {
        Get(name);
        if (_objects.WithPrefix($"{name}/").Count > 0)
        {
            throw new ApiException("BucketNotEmpty", "The bucket you tried to delete is not empty", 409);
        }

        _buckets.Remove(name);
    }

    private Bucket Put(Bucket bucket)
    {
        _buckets.Put(bucket.Name, bucket);
        return bucket;
    }

    [GeneratedRegex(@"^(?!xn--|.*\.\.|[0-9]+(\.[0-9]+){3}\z)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Shape();
}
