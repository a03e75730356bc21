using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>One wire protocol, in both directions and for both sides.</summary>
internal abstract class WireProtocol(ServiceModel service)
{
    protected ServiceModel Service => service;

    /// <summary>The client's side of a call: the request as it goes out.</summary>
    internal abstract HttpRequestParts WriteRequest(OperationModel operation, object request);

    /// <summary>The service's side of a call: which operation is meant, and its request.</summary>
    /// <exception cref="ProtocolException">No known operation is named, or the text does not fit the model.</exception>
    internal abstract (OperationModel Operation, object Request) ReadRequest(
        string method,
        string path,
        string query,
        IReadOnlyDictionary<string, string> headers,
        ReadOnlyMemory<byte> body
    );

    /// <summary>The service's answer to a call that succeeded.</summary>
    internal abstract HttpAnswer WriteResponse(OperationModel operation, object response, string requestId);

    /// <summary>The client's reading of that answer; the result is the request's id.</summary>
    internal abstract string? ReadResponse(OperationModel operation, HttpAnswer answer, object response);

    /// <summary>The service's answer to a call that failed.</summary>
    /// <param name="code">The code on the wire.</param>
    /// <param name="message">The sentence for a human.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="error">The error's model, if the service declares it.</param>
    /// <param name="details">The exception with the error's members, if there is one.</param>
    internal abstract HttpAnswer WriteError(
        string code,
        string message,
        int status,
        string requestId,
        ErrorModel? error = null,
        AmazonServiceException? details = null
    );

    /// <summary>The client's reading of that answer.</summary>
    internal abstract ErrorAnswer ReadError(HttpAnswer answer);
}
