using System.Text.Json;
using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>
/// What the model of an AWS service says, and the wire in both directions: clients and the rehearsal stand on the same one.
/// </summary>
internal sealed class ServiceModel
{
    private readonly WireProtocol _wire;
    private readonly Dictionary<string, OperationModel> _operations;

    internal ServiceModel(ProtocolKind protocol, IReadOnlyList<OperationModel> operations, IReadOnlyList<ErrorModel> errors)
    {
        Protocol = protocol;
        Operations = operations;
        Errors = errors;
        _operations = operations.ToDictionary(o => o.Name);
        _wire = protocol switch
        {
            ProtocolKind.AwsJson10 => new AwsJsonProtocol(this, "application/x-amz-json-1.0"),
            ProtocolKind.AwsJson11 => new AwsJsonProtocol(this, "application/x-amz-json-1.1"),
            ProtocolKind.AwsQuery => new QueryProtocol(this, ec2: false),
            ProtocolKind.Ec2Query => new QueryProtocol(this, ec2: true),
            ProtocolKind.RestJson => new RestJsonProtocol(this),
            _ => throw new ArgumentOutOfRangeException(nameof(protocol), protocol, message: null),
        };
    }

    /// <summary>The package's name without its prefix, for example "StepFunctions".</summary>
    internal required string Name { get; init; }

    /// <summary>The id that environment variables such as <c>AWS_ENDPOINT_URL_SFN</c> are made from.</summary>
    internal required string ServiceId { get; init; }

    /// <summary>The service's name in a signature's scope.</summary>
    internal required string SigningName { get; init; }

    /// <summary>The first part of the regional host's name.</summary>
    internal required string EndpointPrefix { get; init; }

    /// <summary>The date that names the API's version.</summary>
    internal required string ApiVersion { get; init; }

    /// <summary>The part of <c>X-Amz-Target</c> before the dot.</summary>
    internal required string TargetPrefix { get; init; }

    /// <summary>The namespace of the XML protocols' answers.</summary>
    internal string XmlNamespace { get; init; } = "";

    /// <summary>Makes the service's own exception for an error that its model does not declare.</summary>
    internal required ErrorFactory UndeclaredError { get; init; }

    internal ProtocolKind Protocol { get; }

    internal IReadOnlyList<OperationModel> Operations { get; }

    internal IReadOnlyList<ErrorModel> Errors { get; }

    internal OperationModel? FindOperation(string name) => _operations.GetValueOrDefault(name);

    /// <summary>The client's side of a call.</summary>
    internal HttpRequestParts WriteRequest(OperationModel operation, object request) => _wire.WriteRequest(operation, request);

    /// <summary>The service's side of a call: which operation is meant, and its typed request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path as it came, not decoded.</param>
    /// <param name="query">The query string as it came, with or without its question mark.</param>
    /// <param name="headers">The headers; names are best compared without case.</param>
    /// <param name="body">The body, empty where there is none.</param>
    /// <exception cref="ProtocolException">
    /// Answer with its code, message and status through <see cref="WriteError(string, string, int, string)"/>.
    /// </exception>
    internal (OperationModel Operation, object Request) ReadRequest(
        string method,
        string path,
        string query,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body
    ) => _wire.ReadRequest(method, path, query, headers, body);

    /// <summary>The service's answer to a call that succeeded.</summary>
    internal HttpAnswer WriteResponse(OperationModel operation, object response, string requestId) =>
        _wire.WriteResponse(operation, response, requestId);

    /// <summary>The client's reading of that answer; the result is the request's id.</summary>
    internal string? ReadResponse(OperationModel operation, HttpAnswer answer, object response) =>
        _wire.ReadResponse(operation, answer, response);

    /// <summary>The service's answer to a call that failed, by the code on the wire.</summary>
    internal HttpAnswer WriteError(string code, string message, int status, string requestId) =>
        _wire.WriteError(code, message, status, requestId);

    /// <summary>
    /// The service's answer to a call that failed, with the members of a modelled error. Code and status come from the model where
    /// the exception has none.
    /// </summary>
    internal HttpAnswer WriteError(AmazonServiceException exception, string requestId)
    {
        var error = Errors.FirstOrDefault(e => e.Type == exception.GetType());
        var code = string.IsNullOrEmpty(exception.ErrorCode) ? error?.Code ?? "InternalFailure" : exception.ErrorCode;
        var status = exception.StatusCode == default ? error?.Status ?? 500 : (int)exception.StatusCode;
        return _wire.WriteError(code, exception.Message, status, requestId, error, exception);
    }

    /// <summary>The client's reading of an error.</summary>
    internal ErrorAnswer ReadError(HttpAnswer answer) => _wire.ReadError(answer);

    /// <summary>A request from the PascalCase document of a Step Functions AWS SDK integration.</summary>
    /// <exception cref="FormatException">The document does not fit the operation's request.</exception>
    internal static object RequestFromDocument(OperationModel operation, JsonElement document)
    {
        var request = operation.Request.Create();
        JsonEncoding.ReadMembers(document, operation.Request, request, JsonStyle.Document);
        return request;
    }

    /// <summary>The PascalCase document that a Step Functions AWS SDK integration makes of a response, in UTF-8.</summary>
    internal static byte[] DocumentFromResponse(OperationModel operation, object response) =>
        JsonDocuments.Write(operation.Response, response, JsonStyle.Document);
}
