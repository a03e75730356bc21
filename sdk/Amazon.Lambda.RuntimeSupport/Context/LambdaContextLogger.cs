using System.Globalization;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Lines of time, request id, level and message, separated by tabs; levels below <c>AWS_LAMBDA_LOG_LEVEL</c> are dropped.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
internal sealed class LambdaContextLogger(TextWriter log, string requestId, string? leastLevel) : ILambdaLogger
{
    private readonly LogLevel _least = Parse(leastLevel) ?? LogLevel.Information;

    public void Log(string message) => log.Write(message);

    public void LogLine(string message) => log.WriteLine(message);

    public void Log(string level, string message)
    {
        if (Parse(level) is { } known && known < _least)
        {
            return;
        }

        var time = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        log.WriteLine($"{time}\t{requestId}\t{Label(level)}\t{message}");
    }

    private static LogLevel? Parse(string? level) =>
        level?.ToUpperInvariant() switch
        {
            "TRACE" => LogLevel.Trace,
            "DEBUG" => LogLevel.Debug,
            "INFO" or "INFORMATION" => LogLevel.Information,
            "WARN" or "WARNING" => LogLevel.Warning,
            "ERROR" => LogLevel.Error,
            "FATAL" or "CRITICAL" => LogLevel.Critical,
            _ => null,
        };

    private static string Label(string level) =>
        Parse(level) switch
        {
            LogLevel.Trace => "trce",
            LogLevel.Debug => "dbug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            LogLevel.Critical => "crit",
            _ => level,
        };
}
