using System.Security.Cryptography;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;
using static Deployer.Rehearsal.S3.S3Response;

namespace Deployer.Rehearsal.S3;

/// <summary>Uploads in parts. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html.</summary>
internal sealed class MultipartOperations(RehearsalWorld world, BucketAccess access, Objects objects)
{
    private const int MinPartSize = 5 * 1024 * 1024;
    private readonly Table<MultipartUpload> _uploads = world.Store.Table<MultipartUpload>("s3/uploads");

    public WireResponse CreateMultipartUpload(Call call, S3Request request)
    {
        var bucket = access.Open(call, request.Bucket, "PutObject", request.Key);
        var algorithm = request.Header("x-amz-checksum-algorithm");
        var type = request.Header("x-amz-checksum-type") ?? (algorithm is null or "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE");
        var upload = new MultipartUpload(
            world.Random.HexId(48),
            bucket.Name,
            request.Key,
            ObjectHeaders.Read(request),
            algorithm,
            type,
            [],
            world.Now
        );
        _uploads.Put(Key(upload.Bucket, upload.Id), upload);
        return S3Response.Create(
            Element(
                "InitiateMultipartUploadResult",
                Element("Bucket", bucket.Name),
                Element("Key", request.Key),
                Element("UploadId", upload.Id)
            ),
            ("x-amz-checksum-algorithm", algorithm),
            ("x-amz-checksum-type", algorithm is null ? null : type)
        );
    }

    public WireResponse UploadPart(Call call, S3Request request)
    {
        var upload = Open(call, request, "PutObject");
        var number = request.Number("partNumber", 0);
        if (number is < 1 or > 10_000)
        {
            throw S3Error.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive");
        }

        var given = Checksums.Verify(request);
        var bytes = request.Body.ToArray();
        var algorithm = upload.ChecksumAlgorithm ?? "CRC64NVME";
        var part = new UploadedPart(
            Convert.ToHexStringLower(MD5.HashData(bytes)),
            bytes.Length,
            Checksums.Compute(algorithm, bytes),
            objects.Store(bytes),
            world.Now
        );
        if (upload.Parts.TryGetValue(number, out var old))
        {
            objects.Discard(old.Blob);
        }

        upload.Parts[number] = part;
        _uploads.Put(Key(upload.Bucket, upload.Id), upload);
        return S3Response.Create(200, ("ETag", $"\"{part.ETag}\""), (Checksums.Header(given.Algorithm), given.Value));
    }

    public WireResponse CompleteMultipartUpload(Call call, S3Request request)
    {
        var upload = Open(call, request, "PutObject");
        var bucket = access.Open(call, request.Bucket, "PutObject", request.Key);
        var parts = Chosen(request, upload);
        Preconditions.EnsureWritable(request, objects.Find(bucket, request.Key));
        var bytes = Joined(parts);
        var etags = parts.SelectMany(part => Convert.FromHexString(part.ETag)).ToArray();
        var version = objects.Put(
            bucket,
            request.Key,
            bytes,
            upload.Description with
            {
                ETag = $"{Convert.ToHexStringLower(MD5.HashData(etags))}-{parts.Length}",
                Checksum = Checksum(upload, parts, bytes),
            }
        );
        Forget(upload);
        return S3Response.Create(
            Element(
                "CompleteMultipartUploadResult",
                Element("Location", $"https://{bucket.Name}.s3.{bucket.Region}.amazonaws.com/{Uri.EscapeDataString(request.Key)}"),
                Element("Bucket", bucket.Name),
                Element("Key", request.Key),
                Element("ETag", ObjectOperations.Quoted(version)),
                Element($"Checksum{version.Checksum!.Algorithm}", version.Checksum.Value),
                Element("ChecksumType", version.Checksum.Type)
            ),
            ("x-amz-version-id", ObjectOperations.Id(bucket, version))
        );
    }

    public WireResponse AbortMultipartUpload(Call call, S3Request request)
    {
        Forget(Open(call, request, "AbortMultipartUpload"));
        return S3Response.Create(204);
    }

    public WireResponse ListParts(Call call, S3Request request)
    {
        var upload = Open(call, request, "ListMultipartUploadParts");
        var (marker, most) = (request.Number("part-number-marker", 0), request.Number("max-parts", 1000));
        var rest = upload.Parts.Where(part => part.Key > marker).ToArray();
        var page = rest.Take(most).ToArray();
        return S3Response.Create(
            Element(
                "ListPartsResult",
                Element("Bucket", upload.Bucket),
                Element("Key", upload.Key),
                Element("UploadId", upload.Id),
                Element("PartNumberMarker", marker),
                Element("NextPartNumberMarker", page.Length == 0 ? 0 : page[^1].Key),
                Element("MaxParts", most),
                Element("IsTruncated", page.Length < rest.Length),
                page.Select(part =>
                    Element(
                        "Part",
                        Element("PartNumber", part.Key),
                        Element("LastModified", Time(part.Value.LastModified)),
                        Element("ETag", $"\"{part.Value.ETag}\""),
                        Element("Size", part.Value.Size)
                    )
                )
            )
        );
    }

    public WireResponse ListMultipartUploads(Call call, S3Request request)
    {
        var bucket = access.Open(call, request.Bucket, "ListBucketMultipartUploads");
        return S3Response.Create(
            Element(
                "ListMultipartUploadsResult",
                Element("Bucket", bucket.Name),
                Element("IsTruncated", "false"),
                _uploads
                    .WithPrefix($"{bucket.Name}/")
                    .Select(upload => upload.Value)
                    .OrderBy(upload => upload.Key, StringComparer.Ordinal)
                    .Select(upload =>
                        Element(
                            "Upload",
                            Element("Key", upload.Key),
                            Element("UploadId", upload.Id),
                            Element("Initiated", Time(upload.Initiated))
                        )
                    )
            )
        );
    }

    private static string Key(string bucket, string id) => $"{bucket}/{id}";

    private static ObjectChecksum Checksum(MultipartUpload upload, UploadedPart[] parts, byte[] bytes)
    {
        var algorithm = upload.ChecksumAlgorithm ?? "CRC64NVME";
        return upload.ChecksumType == "FULL_OBJECT"
            ? new ObjectChecksum(algorithm, Checksums.Compute(algorithm, bytes))
            : new ObjectChecksum(
                algorithm,
                $"{Checksums.Compute(algorithm, parts.SelectMany(part => Convert.FromBase64String(part.Checksum)).ToArray())}-"
                    + $"{parts.Length}",
                upload.ChecksumType
            );
    }

    private static UploadedPart[] Chosen(S3Request request, MultipartUpload upload)
    {
        var asked = request.Xml().Elements().Where(element => element.Name.LocalName == "Part").ToArray();
        if (asked.Length == 0)
        {
            throw S3Error.MalformedXml();
        }

        var parts = new List<UploadedPart>();
        var last = 0;
        foreach (var one in asked)
        {
            var number = int.TryParse(ObjectOperations.Child(one, "PartNumber"), out var read) ? read : throw S3Error.MalformedXml();
            if (number <= last)
            {
                throw new ApiException(
                    "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part number."
                );
            }

            if (!upload.Parts.TryGetValue(number, out var part) || ObjectOperations.Child(one, "ETag")?.Trim('"') != part.ETag)
            {
                throw new ApiException(
                    "InvalidPart",
                    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified "
                        + "entity tag may not match the part's entity tag."
                );
            }

            last = number;
            parts.Add(part);
        }

        return parts.SkipLast(1).All(part => part.Size >= MinPartSize)
            ? [.. parts]
            : throw new ApiException("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
    }

    private byte[] Joined(UploadedPart[] parts)
    {
        using var joined = new MemoryStream();
        foreach (var part in parts)
        {
            joined.Write(objects.Stored(part.Blob));
        }

        return joined.ToArray();
    }

    private MultipartUpload Open(Call call, S3Request request, string action)
    {
        access.Open(call, request.Bucket, action, request.Key);
        var id = request.Parameter("uploadId") ?? "";
        return _uploads.Get(Key(request.Bucket, id)) is { } upload && upload.Key == request.Key ? upload : throw S3Error.NoSuchUpload(id);
    }

    private void Forget(MultipartUpload upload)
    {
        foreach (var part in upload.Parts.Values)
        {
            objects.Discard(part.Blob);
        }

        _uploads.Remove(Key(upload.Bucket, upload.Id));
    }
}
