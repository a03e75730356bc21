using System.Security.Cryptography;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.S3;

/// <summary>The objects of the buckets, their versions and bytes. Errors are S3's; permissions are asked for elsewhere.</summary>
public sealed class Objects(RehearsalWorld world)
{
    private readonly Table<ObjectHistory> _objects = world.Store.Table<ObjectHistory>("s3/objects");
    private readonly Table<Blob> _blobs = world.Store.Table<Blob>("s3/blobs");

    /// <summary>The newest version or the named one; null when there is none or it is deleted.</summary>
    public ObjectVersion? Find(Bucket bucket, string key, string? versionId = null) =>
        Newest(bucket, key, versionId) is { IsDeleteMarker: false } version ? version : null;

    /// <summary>The newest version or the named one.</summary>
    /// <exception cref="ApiException">NoSuchKey, NoSuchVersion; MethodNotAllowed for a delete marker asked for by its id.</exception>
    public ObjectVersion Get(Bucket bucket, string key, string? versionId = null) =>
        (Newest(bucket, key, versionId), versionId) switch
        {
            ({ IsDeleteMarker: false } version, _) => version,
            ({ IsDeleteMarker: true }, not null) => throw S3Error.MethodNotAllowed(),
            (null, not null) => throw new ApiException("NoSuchVersion", "The specified version does not exist.", 404),
            _ => throw S3Error.NoSuchKey(key),
        };

    /// <summary>The bytes of a version.</summary>
    public byte[] Bytes(ObjectVersion version) => _blobs.Get(version.Blob)!.Bytes;

    /// <summary>Writes an object: a new version, or in place of the old one.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The key.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="description">Headers, tags and checksum; an ETag only where it is not the MD5 of the bytes.</param>
    public ObjectVersion Put(Bucket bucket, string key, byte[] bytes, ObjectVersion? description = null)
    {
        var version = (description ?? new ObjectVersion()) with
        {
            VersionId = bucket.Versioning == "Enabled" ? world.Random.HexId(32) : ObjectVersion.Unversioned,
            IsDeleteMarker = false,
            LastModified = world.Now,
            ETag = description is { ETag.Length: > 0 } ? description.ETag : Convert.ToHexStringLower(MD5.HashData(bytes)),
            Size = bytes.Length,
            Checksum = description?.Checksum ?? new ObjectChecksum("CRC64NVME", Checksums.Compute("CRC64NVME", bytes)),
            Blob = Store(bytes),
        };
        Append(bucket, key, version);
        return version;
    }

    /// <summary>Changes the tags of a version.</summary>
    public void Tag(Bucket bucket, string key, ObjectVersion version, IReadOnlyDictionary<string, string> tags) =>
        Keep(bucket, key, [.. Versions(bucket, key).Select(one => one.VersionId == version.VersionId ? one with { Tags = tags } : one)]);

    /// <summary>Deletes the named version for good; without a name the object, which leaves a delete marker where versions are
    /// kept.</summary>
    /// <returns>The delete marker that was made, or what was removed; null when there was nothing.</returns>
    public ObjectVersion? Delete(Bucket bucket, string key, string? versionId)
    {
        var versions = Versions(bucket, key);
        if (versionId is null && bucket.Versioning is not null)
        {
            var marker = new ObjectVersion
            {
                VersionId = bucket.Versioning == "Enabled" ? world.Random.HexId(32) : ObjectVersion.Unversioned,
                IsDeleteMarker = true,
                LastModified = world.Now,
            };
            Append(bucket, key, marker);
            return marker;
        }

        var gone = versions.FirstOrDefault(version => version.VersionId == (versionId ?? ObjectVersion.Unversioned));
        if (gone is not null)
        {
            _blobs.Remove(gone.Blob);
            Keep(bucket, key, [.. versions.Where(version => version != gone)]);
        }

        return gone;
    }

    /// <summary>The keys that begin with a prefix, in order, with their versions, the newest first.</summary>
    public IEnumerable<(string Key, IReadOnlyList<ObjectVersion> Versions)> List(Bucket bucket, string prefix) =>
        _objects
            .WithPrefix(StoreKey(bucket, prefix))
            .Select(history => (history.Value.Key, (IReadOnlyList<ObjectVersion>)[.. history.Value.Versions.Reverse()]));

    internal string Store(byte[] bytes)
    {
        var blob = world.Random.HexId(24);
        _blobs.Put(blob, new Blob(bytes));
        return blob;
    }

    internal byte[] Stored(string blob) => _blobs.Get(blob)!.Bytes;

    internal void Discard(string blob) => _blobs.Remove(blob);

    private static string StoreKey(Bucket bucket, string key) => $"{bucket.Name}/{key}";

    private IReadOnlyList<ObjectVersion> Versions(Bucket bucket, string key) => _objects.Get(StoreKey(bucket, key))?.Versions ?? [];

    private ObjectVersion? Newest(Bucket bucket, string key, string? versionId) =>
        Versions(bucket, key).LastOrDefault(version => versionId is null || version.VersionId == versionId);

    // Where no versions are kept there is one version, called null, and a new one takes its place.
    private void Append(Bucket bucket, string key, ObjectVersion version)
    {
        var versions = Versions(bucket, key);
        if (versions.FirstOrDefault(old => old.VersionId == version.VersionId) is { } replaced)
        {
            _blobs.Remove(replaced.Blob);
        }

        Keep(bucket, key, [.. versions.Where(old => old.VersionId != version.VersionId), version]);
    }

    private void Keep(Bucket bucket, string key, IReadOnlyList<ObjectVersion> versions)
    {
        if (versions.Count == 0)
        {
            _objects.Remove(StoreKey(bucket, key));
        }
        else
        {
            _objects.Put(StoreKey(bucket, key), new ObjectHistory(key, versions));
        }
    }
}
