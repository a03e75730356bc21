using System.Net.Http.Headers;
using System.Xml.Linq;
using Amazon.S3.Model;
using Deployer.Rehearsal.Wire;
using static Deployer.Rehearsal.S3.S3Response;

namespace Deployer.Rehearsal.S3;

/// <summary>The operations on single objects, and DeleteObjects.</summary>
internal sealed class ObjectOperations(BucketAccess access, Buckets buckets, Objects objects)
{
    public WireResponse PutObject(Call call, S3Request request)
    {
        var description = ObjectHeaders.Read(request);
        var bucket = access.Open(call, request.Bucket, "PutObject", request.Key);
        if (description.Tags.Count > 0)
        {
            access.Open(call, request.Bucket, "PutObjectTagging", request.Key);
        }

        var checksum = Checksums.Verify(request);
        Preconditions.EnsureWritable(request, objects.Find(bucket, request.Key));
        var version = objects.Put(bucket, request.Key, request.Body.ToArray(), description with { Checksum = checksum });
        return S3Response.Create(200, [("ETag", Quoted(version)), ("x-amz-version-id", Id(bucket, version)), .. ChecksumHeaders(version)]);
    }

    public PutObjectResponse PutObject(Call call, PutObjectRequest request)
    {
        var bucket = access.Open(call, request.BucketName, "PutObject", request.Key);
        var version = objects.Put(bucket, request.Key, Content(request.InputStream));
        return new PutObjectResponse { ETag = Quoted(version), VersionId = Id(bucket, version) };
    }

    public GetObjectResponse GetObject(Call call, GetObjectRequest request)
    {
        var bucket = access.Open(call, request.BucketName, "GetObject", request.Key);
        var version = Known(call, bucket, request.Key, versionId: null);
        return new GetObjectResponse
        {
            BucketName = bucket.Name,
            Key = request.Key,
            ETag = Quoted(version),
            VersionId = Id(bucket, version),
            ContentLength = version.Size,
            ResponseStream = new MemoryStream(objects.Bytes(version), writable: false),
        };
    }

    public WireResponse GetObject(Call call, S3Request request)
    {
        var (bucket, version) = Read(call, request);
        var bytes = objects.Bytes(version);
        if (Preconditions.IsUnmodified(request, version))
        {
            return S3Response.Create(304, ("ETag", Quoted(version)));
        }

        var headers = Describe(bucket, version);
        if (Range(request, bytes.Length) is not { } range)
        {
            return S3Response.Create(200, bytes, [.. headers, .. AskedChecksum(request, version)]);
        }

        var part = bytes.AsMemory(range);
        var (offset, length) = range.GetOffsetAndLength(bytes.Length);
        return S3Response.Create(206, part, [.. headers, ("Content-Range", $"bytes {offset}-{offset + length - 1}/{bytes.Length}")]);
    }

    public WireResponse HeadObject(Call call, S3Request request)
    {
        var (bucket, version) = Read(call, request);
        return Preconditions.IsUnmodified(request, version)
            ? S3Response.Create(304, ("ETag", Quoted(version)))
            : S3Response.Create(
                200,
                [.. Describe(bucket, version), ("Content-Length", version.Size.ToString()), .. AskedChecksum(request, version)]
            );
    }

    public WireResponse DeleteObject(Call call, S3Request request)
    {
        var versionId = request.Parameter("versionId");
        var bucket = access.Open(call, request.Bucket, versionId is null ? "DeleteObject" : "DeleteObjectVersion", request.Key);
        if (
            request.Header("If-Match") is { } wanted
            && (objects.Find(bucket, request.Key, versionId) is not { } current || !Preconditions.Names(wanted, current))
        )
        {
            throw S3Error.PreconditionFailed("If-Match");
        }

        var gone = objects.Delete(bucket, request.Key, versionId);
        return S3Response.Create(
            204,
            ("x-amz-version-id", gone is null || bucket.Versioning is null ? null : gone.VersionId),
            ("x-amz-delete-marker", gone is { IsDeleteMarker: true } ? "true" : null)
        );
    }

    public WireResponse DeleteObjects(Call call, S3Request request)
    {
        Checksums.Verify(request);
        var xml = request.Xml();
        var asked = xml.Elements().Where(element => element.Name.LocalName == "Object").ToArray();
        if (asked.Length is 0 or > 1000)
        {
            throw S3Error.MalformedXml();
        }

        var quiet = Child(xml, "Quiet") == "true";
        var bucket = buckets.Get(request.Bucket);
        var results = new List<XElement>();
        foreach (var (key, versionId) in asked.Select(one => (Child(one, "Key") ?? throw S3Error.MalformedXml(), Child(one, "VersionId"))))
        {
            try
            {
                access.Open(call, bucket.Name, versionId is null ? "DeleteObject" : "DeleteObjectVersion", key);
                var gone = objects.Delete(bucket, key, versionId);
                if (!quiet)
                {
                    results.Add(
                        Element(
                            "Deleted",
                            Element("Key", key),
                            versionId is null ? null : Element("VersionId", versionId),
                            gone is { IsDeleteMarker: true }
                                ? new[] { Element("DeleteMarker", "true"), Element("DeleteMarkerVersionId", gone.VersionId) }
                                : null
                        )
                    );
                }
            }
            catch (ApiException refused)
            {
                results.Add(
                    Element("Error", Element("Key", key), Element("Code", S3Service.Code(refused)), Element("Message", refused.Message))
                );
            }
        }

        return S3Response.Create(Element("DeleteResult", results));
    }

    public WireResponse CopyObject(Call call, S3Request request)
    {
        var source = request.Header("x-amz-copy-source")!.Split("?versionId=", 2);
        var path = Uri.UnescapeDataString(source[0].TrimStart('/')).Split('/', 2);
        if (path.Length != 2)
        {
            throw S3Error.InvalidArgument("Invalid copy source object key");
        }

        var versionId = source.Length == 2 ? source[1] : null;
        var from = access.Open(call, path[0], versionId is null ? "GetObject" : "GetObjectVersion", path[1]);
        var description = ObjectHeaders.Read(request);
        var to = access.Open(call, request.Bucket, "PutObject", request.Key);
        var copied = Known(call, from, path[1], versionId);
        if (request.Header("x-amz-copy-source-if-match") is { } wanted && !Preconditions.Names(wanted, copied))
        {
            throw S3Error.PreconditionFailed("x-amz-copy-source-If-Match");
        }

        var replaces = request.Header("x-amz-metadata-directive") == "REPLACE";
        if (!replaces && from.Name == to.Name && path[1] == request.Key)
        {
            throw new ApiException(
                "InvalidRequest",
                "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, "
                    + "storage class, website redirect location or encryption attributes."
            );
        }

        Preconditions.EnsureWritable(request, objects.Find(to, request.Key));
        var version = objects.Put(
            to,
            request.Key,
            objects.Bytes(copied),
            new ObjectVersion
            {
                Headers = replaces ? description.Headers : copied.Headers,
                Tags = request.Header("x-amz-tagging-directive") == "REPLACE" ? description.Tags : copied.Tags,
            }
        );
        return S3Response.Create(
            Element("CopyObjectResult", Element("LastModified", Time(version.LastModified)), Element("ETag", Quoted(version))),
            ("x-amz-version-id", Id(to, version)),
            ("x-amz-copy-source-version-id", Id(from, copied))
        );
    }

    public WireResponse GetObjectTagging(Call call, S3Request request)
    {
        var (bucket, version) = Tagged(call, request, "GetObjectTagging");
        return S3Response.Create(BucketOperations.Tagging(version.Tags), ("x-amz-version-id", Id(bucket, version)));
    }

    public WireResponse PutObjectTagging(Call call, S3Request request)
    {
        var (bucket, version) = Tagged(call, request, "PutObjectTagging");
        objects.Tag(bucket, request.Key, version, BucketOperations.Tags(request.Xml()));
        return S3Response.Create(200, ("x-amz-version-id", Id(bucket, version)));
    }

    public WireResponse DeleteObjectTagging(Call call, S3Request request)
    {
        var (bucket, version) = Tagged(call, request, "DeleteObjectTagging");
        objects.Tag(bucket, request.Key, version, new SortedDictionary<string, string>(StringComparer.Ordinal));
        return S3Response.Create(204, ("x-amz-version-id", Id(bucket, version)));
    }

    /// <summary>The ETag as it stands in headers and XML.</summary>
    public static string Quoted(ObjectVersion version) => $"\"{version.ETag}\"";

    /// <summary>The version's id in an answer, where versions are kept.</summary>
    public static string? Id(Bucket bucket, ObjectVersion version) => bucket.Versioning is null ? null : version.VersionId;

    /// <summary>The version's checksum as headers.</summary>
    public static IEnumerable<(string Name, string? Value)> ChecksumHeaders(ObjectVersion version) =>
        version.Checksum is { } checksum
            ? [(Checksums.Header(checksum.Algorithm), checksum.Value), ("x-amz-checksum-type", checksum.Type)]
            : [];

    /// <summary>The text of a child element.</summary>
    public static string? Child(XElement element, string name) =>
        element.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value;

    private static byte[] Content(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    // A range that cannot be read is as good as none; one outside the object is refused.
    private static Range? Range(S3Request request, int length)
    {
        if (!RangeHeaderValue.TryParse(request.Header("Range"), out var parsed) || parsed.Ranges.Count != 1)
        {
            return null;
        }

        var (from, to) = parsed.Ranges.Single() is { From: { } first } one
            ? (first, Math.Min(one.To ?? length - 1, length - 1))
            : (Math.Max(length - parsed.Ranges.Single().To!.Value, 0), length - 1);
        return from < length
            ? (int)from..(int)(to + 1)
            : throw new ApiException("InvalidRange", "The requested range is not satisfiable", 416);
    }

    private static IEnumerable<(string Name, string? Value)> AskedChecksum(S3Request request, ObjectVersion version) =>
        request.Header("x-amz-checksum-mode") == "ENABLED" ? ChecksumHeaders(version) : [];

    private static (string Name, string? Value)[] Describe(Bucket bucket, ObjectVersion version) =>
        [
            .. version.Headers.Select(header => (header.Key, (string?)header.Value)),
            ("ETag", Quoted(version)),
            ("Last-Modified", version.LastModified.ToString("R")),
            ("Accept-Ranges", "bytes"),
            ("x-amz-version-id", Id(bucket, version)),
            ("x-amz-tagging-count", version.Tags.Count == 0 ? null : version.Tags.Count.ToString()),
        ];

    private (Bucket Bucket, ObjectVersion Version) Read(Call call, S3Request request)
    {
        var versionId = request.Parameter("versionId");
        var bucket = access.Open(call, request.Bucket, versionId is null ? "GetObject" : "GetObjectVersion", request.Key);
        return (bucket, Known(call, bucket, request.Key, versionId));
    }

    private (Bucket Bucket, ObjectVersion Version) Tagged(Call call, S3Request request, string action)
    {
        var bucket = access.Open(call, request.Bucket, action, request.Key);
        return (bucket, Known(call, bucket, request.Key, request.Parameter("versionId")));
    }

    private ObjectVersion Known(Call call, Bucket bucket, string key, string? versionId)
    {
        if (objects.Find(bucket, key, versionId) is null)
        {
            access.EnsureMayKnowAbsence(call, bucket);
        }

        return objects.Get(bucket, key, versionId);
    }
}
