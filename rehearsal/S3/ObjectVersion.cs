namespace Deployer.Rehearsal.S3;

/// <summary>A checksum of an object.</summary>
/// <param name="Algorithm"><c>CRC32</c>, <c>CRC32C</c>, <c>CRC64NVME</c>, <c>SHA1</c> or <c>SHA256</c>.</param>
/// <param name="Value">In base 64; with the number of parts for a composite one.</param>
/// <param name="Type"><c>FULL_OBJECT</c> or <c>COMPOSITE</c>.</param>
public sealed record ObjectChecksum(string Algorithm, string Value, string Type = "FULL_OBJECT");

/// <summary>One version of an object, or a delete marker, without its bytes.</summary>
public sealed record ObjectVersion
{
    /// <summary>The version's id; <c>null</c> (the word) in a bucket that does not keep versions.</summary>
    public string VersionId { get; init; } = Unversioned;

    /// <summary>Whether this only says that the object was deleted.</summary>
    public bool IsDeleteMarker { get; init; }

    /// <summary>When it was written.</summary>
    public DateTimeOffset LastModified { get; init; }

    /// <summary>Without quotes.</summary>
    public string ETag { get; init; } = "";

    /// <summary>Length in bytes.</summary>
    public long Size { get; init; }

    /// <summary>The headers that come back with it: content type, encoding, cache control and <c>x-amz-meta-*</c>, in lower case.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Its tags.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Its checksum.</summary>
    public ObjectChecksum? Checksum { get; init; }

    /// <summary>Where its bytes are kept.</summary>
    public string Blob { get; init; } = "";

    internal const string Unversioned = "null";
}

/// <summary>All versions of one key, the newest last.</summary>
internal sealed record ObjectHistory(string Key, IReadOnlyList<ObjectVersion> Versions);

/// <summary>The bytes of a version or of a part; apart from the records that change.</summary>
internal sealed record Blob(byte[] Bytes);
