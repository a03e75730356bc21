using System.Text.Json;
using System.Xml.Linq;

namespace Deployer.Rehearsal.Wire;

/// <summary>Errors from before any service was reached, each in the form that the request's family of protocols reads.</summary>
internal static class Refusals
{
    /// <summary>Writes one.</summary>
    public static WireResponse Write(ApiException error, WireRequest request, string requestId)
    {
        var isQuery =
            request.Header("Content-Type")?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        var isS3 = !isQuery && CredentialScope.Read(request)?.Service == "s3";
        var detail = new XElement("Error", new XElement("Code", error.Code), new XElement("Message", error.Message));
        if (isQuery)
        {
            detail.AddFirst(new XElement("Type", "Sender"));
        }

        var body =
            isQuery ? XmlBody.Write(new XElement("ErrorResponse", detail, new XElement("RequestId", requestId)), declaration: false)
            : isS3 ? XmlBody.Write(detail, declaration: true)
            : JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["__type"] = error.Code, ["message"] = error.Message });
        return new WireResponse(
            error.Status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Content-Type"] =
                    isQuery ? "text/xml"
                    : isS3 ? "application/xml"
                    : "application/x-amz-json-1.1",
                ["x-amzn-RequestId"] = requestId,
                ["x-amzn-ErrorType"] = error.Code,
            },
            body
        );
    }
}
