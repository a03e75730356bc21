namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One record of the log.</summary>
/// <param name="Level">The level as it was given; one that is no level is never dropped.</param>
/// <param name="Message">The text; null where there is an exception alone.</param>
/// <param name="RequestId">The invocation; null outside of one.</param>
/// <param name="TraceId">The invocation's trace.</param>
internal sealed record LogRecord(string Level, string? Message, string? RequestId, string? TraceId)
{
    /// <summary>What was thrown.</summary>
    public Exception? Exception { get; init; }
}
