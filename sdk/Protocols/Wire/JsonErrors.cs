using System.Text.Json;
using Amazon.Runtime;

namespace Deployer.Protocols;

/// <summary>
/// Errors of the JSON protocols: a code in <c>__type</c> or in the header <c>x-amzn-errortype</c>, a message, perhaps more members.
/// </summary>
internal static class JsonErrors
{
    internal const string TypeHeader = "x-amzn-errortype";

    internal static byte[] Write(string code, string message, string messageName, ErrorModel? error, AmazonServiceException? details) =>
        JsonDocuments.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("__type", code);
            writer.WriteString(messageName, message);
            if (error is not null && details is not null)
            {
                JsonEncoding.WriteMembers(writer, error.Shape, details, JsonStyle.Wire);
            }
            writer.WriteEndObject();
        });

    internal static ErrorAnswer Read(HttpAnswer answer)
    {
        using var document = Parse(answer.Body);
        var root = document?.RootElement;
        var code = answer.Header(TypeHeader) ?? Text(root, "__type") ?? Text(root, "code");
        return new ErrorAnswer(
            code is null ? null : Bare(code),
            Text(root, "message"),
            answer.RequestId,
            ErrorType.Unknown,
            (shape, exception) =>
            {
                using var body = Parse(answer.Body);
                if (body is not null)
                {
                    JsonEncoding.ReadMembers(body.RootElement, shape, exception, JsonStyle.Wire);
                }
            }
        );
    }

    // "com.amazonaws.swf.service.v2.model#ExecutionDoesNotExist" and "ResourceNotFoundException:http://internal.amazon.com/…" both occur.
    private static string Bare(string code)
    {
        var name = code[(code.LastIndexOf('#') + 1)..];
        var colon = name.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? name : name[..colon];
    }

    private static JsonDocument? Parse(byte[] body)
    {
        // A proxy in between may answer with a page; the status alone then says what happened.
        try
        {
            var document = body.Length == 0 ? null : JsonDocument.Parse(body);
            return document?.RootElement.ValueKind == JsonValueKind.Object ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Services spell it "message" and "Message".
    private static string? Text(JsonElement? root, string name) =>
        root
            ?.EnumerateObject()
            .Where(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase) && p.Value.ValueKind == JsonValueKind.String)
            .Select(p => p.Value.GetString())
            .FirstOrDefault();
}
