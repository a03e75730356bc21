using Deployer.Rehearsal.Wire;
using Microsoft.AspNetCore.WebUtilities;

namespace Deployer.Rehearsal.S3;

/// <summary>What a request that writes an object says about it in its headers.</summary>
internal static class ObjectHeaders
{
    private const string Metadata = "x-amz-meta-";

    private static readonly HashSet<string> Kept = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Type",
        "Content-Disposition",
        "Content-Language",
        "Cache-Control",
        "Expires",
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id",
    };

    private static readonly string[] NotSimulated =
    [
        "x-amz-acl",
        "x-amz-grant-",
        "x-amz-object-lock-",
        "x-amz-website-redirect-location",
        "x-amz-server-side-encryption-customer-",
        "x-amz-write-offset-bytes",
    ];

    /// <summary>Headers and tags of the object to be written.</summary>
    /// <exception cref="ApiException">NotImplemented: a header asks for what the rehearsal does not simulate.</exception>
    public static ObjectVersion Read(S3Request request)
    {
        if (
            request.Headers.Keys.FirstOrDefault(name =>
                Array.Exists(NotSimulated, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            ) is
            { } unknown
        )
        {
            throw S3Error.NotSimulated($"the header {unknown}");
        }

        if (request.Header("x-amz-storage-class") is { } storage && storage != "STANDARD")
        {
            throw S3Error.NotSimulated($"the storage class {storage}");
        }

        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Headers)
        {
            if (Kept.Contains(name) || name.StartsWith(Metadata, StringComparison.OrdinalIgnoreCase))
            {
                headers[name.ToLowerInvariant()] = value;
            }
        }

        // aws-chunked says how the body travels, not what it is.
        var encodings = (request.Header("Content-Encoding") ?? "").Split(
            ',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
        );
        if (string.Join(',', encodings.Where(encoding => encoding != "aws-chunked")) is { Length: > 0 } encoding)
        {
            headers["content-encoding"] = encoding;
        }

        headers.TryAdd("content-type", "binary/octet-stream");
        return new ObjectVersion { Headers = headers, Tags = Tags(request.Header("x-amz-tagging")) };
    }

    /// <summary>Tags written as a query.</summary>
    public static SortedDictionary<string, string> Tags(string? query) =>
        new(
            QueryHelpers.ParseQuery(query).ToDictionary(tag => tag.Key, tag => tag.Value.ToString(), StringComparer.Ordinal),
            StringComparer.Ordinal
        );
}
