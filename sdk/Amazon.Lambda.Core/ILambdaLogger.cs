namespace Amazon.Lambda.Core;

/// <summary>Writes to the function's log stream.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html</remarks>
public interface ILambdaLogger
{
    /// <summary>Writes <paramref name="message"/> as it is, without an end of line.</summary>
    void Log(string message);

    /// <summary>Writes <paramref name="message"/> as one line.</summary>
    void LogLine(string message);

    /// <summary>Writes a line with its level; a level that is no <see cref="LogLevel"/> is never dropped.</summary>
    void Log(string level, string message) => LogLine(message);

    /// <summary>Writes a line with its level.</summary>
    void Log(LogLevel level, string message) => Log(level.ToString(), message);

    /// <summary>Writes a line at <see cref="LogLevel.Trace"/>.</summary>
    void LogTrace(string message) => Log(LogLevel.Trace, message);

    /// <summary>Writes a line at <see cref="LogLevel.Debug"/>.</summary>
    void LogDebug(string message) => Log(LogLevel.Debug, message);

    /// <summary>Writes a line at <see cref="LogLevel.Information"/>.</summary>
    void LogInformation(string message) => Log(LogLevel.Information, message);

    /// <summary>Writes a line at <see cref="LogLevel.Warning"/>.</summary>
    void LogWarning(string message) => Log(LogLevel.Warning, message);

    /// <summary>Writes a line at <see cref="LogLevel.Error"/>.</summary>
    void LogError(string message) => Log(LogLevel.Error, message);

    /// <summary>Writes a line at <see cref="LogLevel.Critical"/>.</summary>
    void LogCritical(string message) => Log(LogLevel.Critical, message);
}
