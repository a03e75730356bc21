using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deployer.Protocols;

/// <summary>Whole JSON documents of a structure. An empty text is an empty document.</summary>
internal static class JsonDocuments
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Write(StructureShape shape, object value, JsonStyle style) =>
        Write(writer =>
        {
            writer.WriteStartObject();
            JsonEncoding.WriteMembers(writer, shape, value, style);
            writer.WriteEndObject();
        });

    internal static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            write(writer);
        }
        return stream.ToArray();
    }

    /// <exception cref="FormatException">The JSON does not fit the shape.</exception>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    internal static void Read(ReadOnlyMemory<byte> text, StructureShape shape, object instance, JsonStyle style)
    {
        if (text.IsEmpty)
        {
            return;
        }
        using var document = JsonDocument.Parse(text);
        try
        {
            JsonEncoding.ReadMembers(document.RootElement, shape, instance, style);
        }
        catch (InvalidOperationException fault)
        {
            // Kinds are looked at before a value is taken, so it is a text with bytes or halves of characters that are none.
            throw new FormatException(fault.Message, fault);
        }
    }

    /// <summary>Reads as a service does.</summary>
    /// <exception cref="ProtocolException">A SerializationException, as AWS calls what it cannot read.</exception>
    internal static void ReadRequest(ReadOnlyMemory<byte> text, StructureShape shape, object instance, JsonStyle style)
    {
        try
        {
            Read(text, shape, instance, style);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or JsonException)
        {
            throw new ProtocolException("SerializationException", fault.Message, 400, fault);
        }
    }
}
