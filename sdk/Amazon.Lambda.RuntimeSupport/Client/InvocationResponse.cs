namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What a handler answers.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html#runtimes-api-response</remarks>
public class InvocationResponse
{
    /// <summary>A stream that is disposed once it is sent.</summary>
    public InvocationResponse(Stream outputStream)
        : this(outputStream, true) { }

    /// <summary>A stream that may stay the caller's.</summary>
    public InvocationResponse(Stream outputStream, bool disposeOutputStream)
    {
        OutputStream = outputStream;
        DisposeOutputStream = disposeOutputStream;
    }

    /// <summary>The payload.</summary>
    public Stream OutputStream { get; set; }

    /// <summary>Whether the stream is disposed once it is sent.</summary>
    public bool DisposeOutputStream { get; }
}
