using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>How a record is written out: text, JSON, or the message alone.</summary>
/// <remarks>
/// https://docs.aws.amazon.com/lambda/latest/dg/csharp-logging.html; the JSON members are those of JsonLogMessageFormatter.cs in
/// https://github.com/aws/aws-lambda-dotnet/tree/8314921/Libraries/src/Amazon.Lambda.RuntimeSupport/Helpers/Logging
/// </remarks>
internal static class LogFormats
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The format of that name, in any case; text when there is none.</summary>
    public static Func<LogRecord, DateTimeOffset, string> Named(string? name) =>
        name?.ToUpperInvariant() switch
        {
            "JSON" => Json,
            "UNFORMATTED" => static (record, _) => Text(record),
            _ => static (record, time) => $"{Written(time)}\t{record.RequestId}\t{LogLevels.Label(record.Level)}\t{Text(record)}",
        };

    private static string Json(LogRecord record, DateTimeOffset time)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("timestamp", Written(time));
            writer.WriteString("level", (LogLevels.Parse(record.Level) ?? LogLevel.Information).ToString());
            if (!string.IsNullOrEmpty(record.RequestId))
            {
                writer.WriteString("requestId", record.RequestId);
            }

            if (!string.IsNullOrEmpty(record.TraceId))
            {
                writer.WriteString("traceId", record.TraceId);
            }

            writer.WriteString("message", record.Message);
            if (record.Exception is { } exception)
            {
                writer.WriteString("errorType", exception.GetType().FullName);
                writer.WriteString("errorMessage", exception.Message);
                writer.WriteStartArray("stackTrace");
                foreach (var line in exception.ToString().Split('\n'))
                {
                    writer.WriteStringValue(line.Trim());
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string Text(LogRecord record) =>
        (record.Message, record.Exception) switch
        {
            (var message, null) => message ?? string.Empty,
            (null, { } exception) => exception.ToString(),
            (var message, { } exception) => $"{message}\n{exception}",
        };

    private static string Written(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
