using System.Net;
using System.Xml.Linq;
using Deployer.Rehearsal.Wire;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Deployer.Rehearsal.S3;

/// <summary>A request to S3: bucket and key from the path or the host name, the body without its chunks.</summary>
internal sealed class S3Request
{
    private readonly WireRequest _request;
    private readonly Dictionary<string, StringValues> _query;
    private readonly IReadOnlyDictionary<string, string> _trailers = new Dictionary<string, string>(StringComparer.Ordinal);

    public S3Request(WireRequest request)
    {
        _request = request;
        _query = QueryHelpers.ParseQuery(request.Query);
        (Bucket, Key) = Target(request.Header("Host") ?? "", request.Path.TrimStart('/'));
        Body = request.Body;
        if (request.Header("x-amz-content-sha256")?.StartsWith("STREAMING-", StringComparison.Ordinal) == true)
        {
            (Body, _trailers) = AwsChunked.Decode(request.Body.Span, request.Header("x-amz-decoded-content-length"));
        }
    }

    public string Method => _request.Method;

    /// <summary>Empty for a request about all buckets.</summary>
    public string Bucket { get; }

    /// <summary>Empty for a request about the bucket.</summary>
    public string Key { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The names of the query's parameters, some of which name a subresource.</summary>
    public IEnumerable<string> Parameters => _query.Keys;

    public IReadOnlyDictionary<string, string> Headers => _request.Headers;

    /// <summary>A header, or the trailer of this name.</summary>
    public string? Header(string name) => _request.Header(name) ?? _trailers.GetValueOrDefault(name);

    public bool Has(string parameter) => _query.ContainsKey(parameter);

    /// <summary>A parameter of the query; null when it is absent or empty.</summary>
    public string? Parameter(string name) =>
        _query.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="ApiException">InvalidArgument.</exception>
    public int Number(string parameter, int otherwise) =>
        Parameter(parameter) is not { } text ? otherwise
        : int.TryParse(text, out var number) && number >= 0 ? number
        : throw S3Error.InvalidArgument($"Provided {parameter} not an integer or within integer range");

    /// <summary>The body as XML.</summary>
    /// <exception cref="ApiException">MalformedXML.</exception>
    public XElement Xml()
    {
        try
        {
            using var stream = new MemoryStream(Body.ToArray());
            return XElement.Load(stream);
        }
        catch (System.Xml.XmlException)
        {
            throw S3Error.MalformedXml();
        }
    }

    // Virtual-host style is bucket.s3.region.amazonaws.com, or one or more labels before a host of two labels; an address or a host s3.… is
    // path style.
    private static (string Bucket, string Key) Target(string host, string path)
    {
        var name = host.Split(':')[0];
        var labels = name.Split('.');
        var service = Array.FindIndex(labels, label => label == "s3" || label.StartsWith("s3-", StringComparison.Ordinal));
        var before =
            IPAddress.TryParse(name, out _) ? 0
            : service >= 0 ? service
            : labels[^1] == "localhost" ? labels.Length - 1
            : Math.Max(labels.Length - 2, 0);
        if (before > 0)
        {
            return (string.Join('.', labels[..before]), Uri.UnescapeDataString(path));
        }

        var parts = path.Split('/', 2);
        return (Uri.UnescapeDataString(parts[0]), parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "");
    }
}
