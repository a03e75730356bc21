using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>How an invocation ended.</summary>
/// <param name="RequestId">The invocation's request id.</param>
/// <param name="ExecutedVersion">Such as <c>$LATEST</c>.</param>
/// <param name="Payload">The function's answer, or the document of its error (<c>errorType</c>, <c>errorMessage</c>, …).</param>
/// <param name="FunctionError"><c>Unhandled</c> when the function failed; null when it succeeded.</param>
/// <param name="Host">What ran it: <c>native</c>, <c>executable</c>, <c>in-process</c> or <c>simulated</c>; empty when nothing did.</param>
public sealed record LambdaResult(string RequestId, string ExecutedVersion, string Payload, string? FunctionError, string Host)
{
    /// <summary>
    /// Set when Lambda itself failed after it had accepted the call: there is no answer of the function then, and the caller may try again.
    /// </summary>
    public LambdaServiceError? ServiceError { get; init; }

    /// <summary>The last lines of the function's log, for callers that ask for them.</summary>
    public string LogTail { get; init; } = string.Empty;

    /// <summary>An end without an answer of the function.</summary>
    internal static LambdaResult Failed(string requestId, string version, ApiException error) =>
        new(requestId, version, string.Empty, FunctionError: null, Host: string.Empty)
        {
            ServiceError = new LambdaServiceError(error.Code, error.Message, error.Status),
        };
}

/// <summary>An error of Lambda, not of the function.</summary>
/// <param name="Code">Such as <c>ServiceException</c>.</param>
/// <param name="Message">For a human.</param>
/// <param name="Status">The HTTP status.</param>
public sealed record LambdaServiceError(string Code, string Message, int Status);
