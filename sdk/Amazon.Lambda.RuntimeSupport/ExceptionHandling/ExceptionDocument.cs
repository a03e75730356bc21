using System.Text.Encodings.Web;
using System.Text.Json;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// An exception as Lambda reports it: <c>errorType</c> is the type's name without its namespace (what a state machine matches),
/// <c>errorMessage</c>, <c>stackTrace</c> by line, <c>cause</c> and <c>causes</c> for inner exceptions.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/csharp-exceptions.html</remarks>
internal static class ExceptionDocument
{
    private const int Limit = 256 * 1024;

    // Causes are read in a console: letters stay letters. The document is never embedded in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(Exception exception)
    {
        var whole = Write(exception, full: true);
        return whole.Length <= Limit ? whole : Write(exception, full: false);
    }

    /// <summary>An error that is only a type.</summary>
    public static byte[] Write(string errorType)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("errorType", errorType);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static byte[] Write(Exception exception, bool full)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            if (full)
            {
                WriteFull(writer, exception);
            }
            else
            {
                writer.WriteStartObject();
                writer.WriteString("errorType", exception.GetType().Name);
                writer.WriteString("errorMessage", "Exception exceeded maximum payload size of 256KB.");
                writer.WriteEndObject();
            }
        }

        return buffer.ToArray();
    }

    private static void WriteFull(Utf8JsonWriter writer, Exception exception)
    {
        writer.WriteStartObject();
        writer.WriteString("errorType", exception.GetType().Name);
        writer.WriteString("errorMessage", exception.Message);
        if (exception.StackTrace is { Length: > 0 } trace)
        {
            writer.WriteStartArray("stackTrace");
            foreach (var line in trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        if (exception.InnerException is { } inner)
        {
            writer.WritePropertyName("cause");
            WriteFull(writer, inner);
        }

        if (exception is AggregateException { InnerExceptions: { Count: > 0 } all })
        {
            writer.WriteStartArray("causes");
            foreach (var one in all)
            {
                WriteFull(writer, one);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }
}
