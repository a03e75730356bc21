using System.Xml.Linq;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.S3;

/// <summary>Builds S3's answers.</summary>
internal static class S3Response
{
    public static readonly XNamespace Xml = "http://s3.amazonaws.com/doc/2006-03-01/";

    public static WireResponse Create(int status, params (string Name, string? Value)[] headers) => Create(status, default, headers);

    public static WireResponse Create(int status, ReadOnlyMemory<byte> body, params (string Name, string? Value)[] headers) =>
        new(
            status,
            headers
                .Where(header => header.Value is not null)
                .ToDictionary(header => header.Name, header => header.Value!, StringComparer.OrdinalIgnoreCase),
            body
        );

    public static WireResponse Create(XElement body, params (string Name, string? Value)[] headers) => CreateXml(200, body, headers);

    public static WireResponse CreateXml(int status, XElement body, params (string Name, string? Value)[] headers) =>
        Create(status, XmlBody.Write(body, declaration: true), [("Content-Type", "application/xml"), .. headers]);

    public static XElement Element(string name, params object?[] content) => new(Xml + name, content);

    /// <summary>A time in XML.</summary>
    public static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffZ");
}
