using System.Globalization;
using Amazon.Lambda.Core;
using Microsoft.Win32.SafeHandles;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Where records go, in which format and from which level on: to Lambda's telemetry descriptor where there is one, which keeps a record
/// of several lines in one piece, else to the given writer.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-advanced.html</remarks>
internal sealed class LogOutput
{
    private readonly Action<string> _write;
    private readonly Func<LogRecord, DateTimeOffset, string> _format;
    private readonly LogLevel _least;

    private LogOutput(IEnvironmentVariables environment, Action<string> write)
    {
        _write = write;
        _format = LogFormats.Named(First(environment, LambdaEnvironment.HandlerLogFormat, LambdaEnvironment.LogFormat));
        _least = LogLevels.Parse(First(environment, LambdaEnvironment.HandlerLogLevel, LambdaEnvironment.LogLevel)) ?? LogLevel.Information;
    }

    /// <summary>The process's own log.</summary>
    public static LogOutput Open(IEnvironmentVariables environment)
    {
        if (
            !int.TryParse(
                environment.Get(LambdaEnvironment.TelemetryLogDescriptor),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var descriptor
            )
        )
        {
            return To(Console.Out, environment);
        }

        // The descriptor is Lambda's: it stays open when this ends.
        var stream = new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return ToFrames(stream, environment);
    }

    /// <summary>A log of lines, as the standard output takes it.</summary>
    public static LogOutput To(TextWriter writer, IEnvironmentVariables environment) => new(environment, writer.Write);

    /// <summary>A log of frames.</summary>
    internal static LogOutput ToFrames(Stream stream, IEnvironmentVariables environment)
    {
        var frames = new TelemetryFrames(stream);
        return new LogOutput(environment, text => frames.Write(text, TimeProvider.System.GetUtcNow()));
    }

    /// <summary>Writes a record, unless its level is too low.</summary>
    public void Write(LogRecord record)
    {
        if (LogLevels.Parse(record.Level) is { } level && level < _least)
        {
            return;
        }

        _write(_format(record, TimeProvider.System.GetUtcNow()) + Environment.NewLine);
    }

    /// <summary>Writes a text as it is.</summary>
    public void WriteRaw(string text) => _write(text);

    private static string? First(IEnvironmentVariables environment, string first, string second) =>
        environment.Get(first) is { Length: > 0 } value ? value : environment.Get(second);
}
