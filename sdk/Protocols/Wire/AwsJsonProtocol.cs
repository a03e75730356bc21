using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>awsJson1_0 and awsJson1_1 (https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html).</summary>
internal sealed class AwsJsonProtocol(ServiceModel service, string contentType) : WireProtocol(service)
{
    private const string Target = "X-Amz-Target";

    internal override HttpRequestParts WriteRequest(OperationModel operation, object request) =>
        new(
            "POST",
            "/",
            new Dictionary<string, string>(),
            [],
            new Dictionary<string, string> { [Target] = $"{Service.TargetPrefix}.{operation.Name}", ["Content-Type"] = contentType },
            JsonDocuments.Write(operation.Request, request, JsonStyle.Wire)
        );

    internal override (OperationModel Operation, object Request) ReadRequest(
        string method,
        string path,
        string query,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body
    )
    {
        var target = HttpHeaders.Find(headers, Target) ?? "";
        var name = target.StartsWith($"{Service.TargetPrefix}.", StringComparison.Ordinal)
            ? target[(Service.TargetPrefix.Length + 1)..]
            : "";
        var operation =
            Service.FindOperation(name)
            ?? throw new ProtocolException("UnknownOperationException", $"The operation '{target}' is not supported.", 400);
        var request = operation.Request.Create();
        JsonDocuments.ReadRequest(body, operation.Request, request, JsonStyle.Wire);
        return (operation, request);
    }

    internal override HttpAnswer WriteResponse(OperationModel operation, object response, string requestId) =>
        new(
            200,
            HttpHeaders.OfAnswer(contentType, requestId),
            // A service whose operation has no output answers with no body at all.
            operation.HasOutput
                ? JsonDocuments.Write(operation.Response, response, JsonStyle.Wire)
                : []
        );

    internal override string? ReadResponse(OperationModel operation, HttpAnswer answer, object response)
    {
        JsonDocuments.Read(answer.Body, operation.Response, response, JsonStyle.Wire);
        return answer.RequestId;
    }

    internal override HttpAnswer WriteError(
        string code,
        string message,
        int status,
        string requestId,
        ErrorModel? error = null,
        AmazonServiceException? details = null
    ) => new(status, HttpHeaders.OfAnswer(contentType, requestId), JsonErrors.Write(code, message, "message", error, details));

    internal override ErrorAnswer ReadError(HttpAnswer answer) => JsonErrors.Read(answer);
}
