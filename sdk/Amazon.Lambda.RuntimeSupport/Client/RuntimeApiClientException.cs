namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An answer of the Runtime API that leaves the function no way to go on.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public class RuntimeApiClientException : Exception
{
    /// <summary>An answer with its status, body and headers.</summary>
    public RuntimeApiClientException(
        string message,
        int statusCode,
        string response,
        Dictionary<string, IEnumerable<string>>? headers,
        Exception? innerException
    )
        : base(message, innerException)
    {
        StatusCode = statusCode;
        Response = response;
        Headers = headers;
    }

    /// <summary>The answer's HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The answer's body.</summary>
    public string Response { get; }

    /// <summary>The answer's headers.</summary>
    public Dictionary<string, IEnumerable<string>>? Headers { get; }
}
