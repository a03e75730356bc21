namespace Deployer.Rehearsal.S3;

/// <summary>A part that was uploaded.</summary>
internal sealed record UploadedPart(string ETag, long Size, string Checksum, string Blob, DateTimeOffset LastModified);

/// <summary>An object that is being uploaded in parts.</summary>
internal sealed record MultipartUpload(
    string Id,
    string Bucket,
    string Key,
    ObjectVersion Description,
    string? ChecksumAlgorithm,
    string ChecksumType,
    SortedDictionary<int, UploadedPart> Parts,
    DateTimeOffset Initiated
);
