using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>The log of one invocation: each call is one record, however many lines it has.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
internal sealed class LambdaContextLogger(LogOutput log, string requestId, string? traceId) : ILambdaLogger
{
    public void Log(string message) => log.WriteRaw(message);

    public void LogLine(string message) => log.WriteRaw(message + Environment.NewLine);

    public void Log(string level, string message) => log.Write(new LogRecord(level, message, requestId, traceId));

    /// <summary>Writes what a handler threw.</summary>
    internal void LogException(Exception exception) =>
        log.Write(new LogRecord(nameof(LogLevel.Error), Message: null, requestId, traceId) { Exception = exception });
}
