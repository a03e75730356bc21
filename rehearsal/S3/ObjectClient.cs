using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>Reads and writes objects for the services of the world, under the policies of the principal in whose name they act.</summary>
internal sealed class ObjectClient
{
    private readonly RehearsalWorld _world;
    private readonly Objects _objects;
    private readonly BucketAccess _access;

    internal ObjectClient(RehearsalWorld world)
    {
        _world = world;
        _objects = new Objects(world);
        _access = new BucketAccess(world, new Buckets(world));
    }

    /// <exception cref="ApiException">S3's error.</exception>
    internal (byte[] Bytes, ObjectVersion Version) Get(Principal principal, string region, string bucket, string key)
    {
        var version = _objects.Get(Open(principal, region, "GetObject", bucket, key), key);
        return (_objects.Bytes(version), version);
    }

    /// <exception cref="ApiException">S3's error.</exception>
    internal void Put(Principal principal, string region, string bucket, string key, byte[] bytes) =>
        _objects.Put(Open(principal, region, "PutObject", bucket, key), key, bytes);

    private Bucket Open(Principal principal, string region, string operation, string bucket, string key)
    {
        var call = _world.Api.CallAs(principal, region, "s3", operation);
        _world.Api.Authorize(call, []);
        return _access.Open(call, bucket, operation, key);
    }
}
