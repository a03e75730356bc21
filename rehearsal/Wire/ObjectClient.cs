using System.Xml.Linq;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>Reads and writes S3 objects for the services of the world, under the policies of the principal in whose name they act.</summary>
internal sealed class ObjectClient(RehearsalWorld world)
{
    /// <exception cref="ApiException">S3's error.</exception>
    internal byte[] Get(Principal principal, string region, string bucket, string key) =>
        Send(principal, region, "GET", bucket, key, ReadOnlyMemory<byte>.Empty).ToArray();

    /// <exception cref="ApiException">S3's error.</exception>
    internal void Put(Principal principal, string region, string bucket, string key, ReadOnlyMemory<byte> content) =>
        Send(principal, region, "PUT", bucket, key, content);

    private ReadOnlyMemory<byte> Send(Principal principal, string region, string method, string bucket, string key, ReadOnlyMemory<byte> body)
    {
        var path = $"/{bucket}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Host"] = $"s3.{region}.amazonaws.com",
            ["Content-Length"] = body.Length.ToString(),
        };
        var service = world.Api.Find("s3") ?? throw new ApiException("UnknownOperationException", "The rehearsal does not play the service 's3'.", 404);
        var answer = service.Handle(world.Api.CallAs(principal, region, "s3", string.Empty), new WireRequest(method, path, string.Empty, headers, body));
        return answer.Status < 300 ? answer.Body : throw Error(answer);
    }

    private static ApiException Error(WireResponse answer)
    {
        using var body = new MemoryStream(answer.Body.ToArray());
        var error = XDocument.Load(body).Root!;
        return new ApiException(error.Element("Code")!.Value, error.Element("Message")?.Value ?? "", answer.Status);
    }
}
