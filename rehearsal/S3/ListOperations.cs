using System.Text;
using System.Xml.Linq;
using Deployer.Rehearsal.Wire;
using static Deployer.Rehearsal.S3.S3Response;

namespace Deployer.Rehearsal.S3;

/// <summary>ListObjectsV2 and ListObjectVersions.</summary>
internal sealed class ListOperations(BucketAccess access, Objects objects)
{
    private const int MaxKeys = 1000;

    public WireResponse ListObjectsV2(Call call, S3Request request)
    {
        var listing = Open(call, request, "ListBucket");
        var token = request.Parameter("continuation-token");
        var after = token is null ? request.Parameter("start-after") ?? "" : Encoding.UTF8.GetString(Decode(token));
        var lines = new List<Line>();
        foreach (var (key, versions) in objects.List(listing.Bucket, listing.Prefix).Where(one => !one.Versions[0].IsDeleteMarker))
        {
            listing.Add(
                lines,
                key,
                () =>
                    Element(
                        "Contents",
                        Element("Key", listing.Encoded(key)),
                        Element("LastModified", Time(versions[0].LastModified)),
                        Element("ETag", ObjectOperations.Quoted(versions[0])),
                        Element("Size", versions[0].Size),
                        Element("StorageClass", "STANDARD")
                    )
            );
        }

        var page = listing.Page(lines, line => string.CompareOrdinal(line.Name, after) > 0);
        return Create(
            Element(
                "ListBucketResult",
                listing.Head(page.IsTruncated),
                Element("KeyCount", page.Lines.Count),
                token is null ? null : Element("ContinuationToken", token),
                page.IsTruncated
                    ? Element("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(page.Lines[^1].Name)))
                    : null,
                request.Parameter("start-after") is { } start ? Element("StartAfter", listing.Encoded(start)) : null,
                page.Lines.Select(line => line.Xml())
            )
        );
    }

    public WireResponse ListObjectVersions(Call call, S3Request request)
    {
        var listing = Open(call, request, "ListBucketVersions");
        var lines = new List<Line>();
        foreach (var (key, versions) in objects.List(listing.Bucket, listing.Prefix))
        {
            foreach (var version in versions)
            {
                listing.Add(
                    lines,
                    key,
                    () =>
                        Element(
                            version.IsDeleteMarker ? "DeleteMarker" : "Version",
                            Element("Key", listing.Encoded(key)),
                            Element("VersionId", version.VersionId),
                            Element("IsLatest", version == versions[0]),
                            Element("LastModified", Time(version.LastModified)),
                            version.IsDeleteMarker
                                ? null
                                : new[]
                                {
                                    Element("ETag", ObjectOperations.Quoted(version)),
                                    Element("Size", version.Size),
                                    Element("StorageClass", "STANDARD"),
                                }
                        ),
                    version.VersionId
                );
            }
        }

        var (afterKey, afterVersion) = (request.Parameter("key-marker"), request.Parameter("version-id-marker"));
        var at = afterVersion is null ? -1 : lines.FindIndex(line => line.Name == afterKey && line.VersionId == afterVersion);
        var rest = at >= 0 ? lines[(at + 1)..] : lines;
        var page = listing.Page(rest, line => at >= 0 || string.CompareOrdinal(line.Name, afterKey ?? "") > 0);
        return Create(
            Element(
                "ListVersionsResult",
                listing.Head(page.IsTruncated),
                Element("KeyMarker", listing.Encoded(afterKey ?? "")),
                Element("VersionIdMarker", afterVersion),
                page.IsTruncated
                    ? new[]
                    {
                        Element("NextKeyMarker", listing.Encoded(page.Lines[^1].Name)),
                        Element("NextVersionIdMarker", page.Lines[^1].VersionId),
                    }
                    : null,
                page.Lines.Select(line => line.Xml())
            )
        );
    }

    private static byte[] Decode(string token)
    {
        try
        {
            return Convert.FromBase64String(token);
        }
        catch (FormatException)
        {
            throw S3Error.InvalidArgument("The continuation token provided is incorrect");
        }
    }

    private Listing Open(Call call, S3Request request, string action)
    {
        var (prefix, delimiter) = (request.Parameter("prefix") ?? "", request.Parameter("delimiter"));
        var maxKeys = Math.Min(request.Number("max-keys", MaxKeys), MaxKeys);
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["s3:prefix"] = prefix, ["s3:max-keys"] = maxKeys.ToString() };
        if (delimiter is not null)
        {
            keys["s3:delimiter"] = delimiter;
        }

        return new Listing(
            access.Open(call, request.Bucket, action, keys: keys),
            prefix,
            delimiter,
            maxKeys,
            request.Parameter("encoding-type") == "url"
        );
    }

    private sealed record Line(string Name, string? VersionId, Func<XElement> Xml);

    private sealed record Listing(Bucket Bucket, string Prefix, string? Delimiter, int MaxKeys, bool UrlEncoded)
    {
        public string Encoded(string text) => UrlEncoded ? Uri.EscapeDataString(text).Replace("%2F", "/", StringComparison.Ordinal) : text;

        /// <summary>Adds a key, or once for all of its kind the common prefix that it rolls up into.</summary>
        public void Add(List<Line> lines, string key, Func<XElement> xml, string? versionId = null)
        {
            var end = Delimiter is null ? -1 : key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
            if (end < 0)
            {
                lines.Add(new Line(key, versionId, xml));
                return;
            }

            var common = key[..(end + Delimiter!.Length)];
            if (lines.Count == 0 || lines[^1].Name != common)
            {
                lines.Add(new Line(common, null, () => Element("CommonPrefixes", Element("Prefix", Encoded(common)))));
            }
        }

        public (IReadOnlyList<Line> Lines, bool IsTruncated) Page(IEnumerable<Line> lines, Func<Line, bool> isAfterMarker)
        {
            var rest = lines.Where(isAfterMarker).ToArray();
            return ([.. rest.Take(MaxKeys)], rest.Length > MaxKeys && MaxKeys > 0);
        }

        public object?[] Head(bool isTruncated) =>
            [
                Element("Name", Bucket.Name),
                Element("Prefix", Encoded(Prefix)),
                Delimiter is null ? null : Element("Delimiter", Encoded(Delimiter)),
                Element("MaxKeys", MaxKeys),
                UrlEncoded ? Element("EncodingType", "url") : null,
                Element("IsTruncated", isTruncated),
            ];
    }
}
