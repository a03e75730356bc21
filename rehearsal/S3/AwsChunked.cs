using System.Globalization;
using System.Text;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>
/// Bodies of content encoding <c>aws-chunked</c>: chunks with or without signatures, and trailers. Signatures are not verified.
/// See https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html.
/// </summary>
internal static class AwsChunked
{
    private const string Broken = "The request body terminated unexpectedly";

    /// <summary>The content, and the trailers by their names.</summary>
    /// <exception cref="ApiException">IncompleteBody.</exception>
    public static (byte[] Content, IReadOnlyDictionary<string, string> Trailers) Decode(ReadOnlySpan<byte> body, string? decodedLength)
    {
        using var content = new MemoryStream();
        while (true)
        {
            var head = Line(ref body);
            var size = int.TryParse(head.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var read)
                ? read
                : throw Incomplete();
            if (size == 0)
            {
                break;
            }

            if (body.Length < size + 2)
            {
                throw Incomplete();
            }

            content.Write(body[..size]);
            body = body[(size + 2)..];
        }

        var trailers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (!body.IsEmpty && Line(ref body) is { Length: > 0 } trailer)
        {
            if (trailer.Split(':', 2) is not [var name, var value])
            {
                throw Incomplete();
            }

            trailers[name.Trim()] = value.Trim();
        }

        return decodedLength is null || decodedLength == content.Length.ToString(CultureInfo.InvariantCulture)
            ? (content.ToArray(), trailers)
            : throw Incomplete();
    }

    private static string Line(ref ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf("\r\n"u8);
        if (end < 0)
        {
            throw Incomplete();
        }

        var line = Encoding.ASCII.GetString(body[..end]);
        body = body[(end + 2)..];
        return line;
    }

    private static ApiException Incomplete() => new("IncompleteBody", Broken);
}
