using System.Net;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An answer of the Runtime API that leaves the function no way to go on.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public class RuntimeApiClientException(string message, HttpStatusCode statusCode, string response) : Exception(message)
{
    /// <summary>The answer's status.</summary>
    public HttpStatusCode StatusCode { get; } = statusCode;

    /// <summary>The answer's body.</summary>
    public string Response { get; } = response;
}
