namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The Runtime API, version 2018-06-01, as a function calls it.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public interface IRuntimeApiClient
{
    /// <summary>Reports that the function could not be initialised.</summary>
    Task ReportInitializationErrorAsync(Exception exception, CancellationToken cancellationToken = default);

    /// <summary>Reports by a type alone that the function could not be initialised; no exception is needed.</summary>
    Task ReportInitializationErrorAsync(string errorType, CancellationToken cancellationToken = default);

    /// <summary>Waits for the next invocation.</summary>
    Task<InvocationRequest> GetNextInvocationAsync(CancellationToken cancellationToken = default);

    /// <summary>Reports that the handler threw.</summary>
    Task ReportInvocationErrorAsync(string awsRequestId, Exception exception, CancellationToken cancellationToken = default);

    /// <summary>Sends the handler's answer.</summary>
    Task SendResponseAsync(string awsRequestId, Stream outputStream, CancellationToken cancellationToken = default);
}
