using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.Json;

/// <summary>
/// JSON of clients, as deep as services take it: AWS documents no limit for the inputs of executions and functions and for events, and .NET
/// reads and writes no more than 64 levels unless its options say otherwise.
/// </summary>
internal static class DeepJson
{
    /// <summary>The deepest that the rehearsal takes: less than what its store keeps (<see cref="World.Store.Json"/>).</summary>
    public const int MaxDepth = 400;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth };

    /// <summary>How it is written: compact, with only the escapes that JSON requires.</summary>
    public static JsonSerializerOptions Writing { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth + 1 };

    /// <summary>How it is written where more is escaped than JSON requires, as events are.</summary>
    public static JsonSerializerOptions WritingEscaped { get; } = new() { MaxDepth = MaxDepth + 1 };

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">
    /// It is no JSON, is nested deeper than <see cref="MaxDepth"/>, or has half of a pair of surrogates, which is no text
    /// (https://www.rfc-editor.org/rfc/rfc8259#section-8.2).
    /// </exception>
    public static JsonNode? Node(string text)
    {
        var node = JsonNode.Parse(text, documentOptions: Reading);
        CheckTexts(text, node);
        return node;
    }

    /// <summary>Refuses what .NET reads and can give to nobody: a text with half of a pair of surrogates.</summary>
    /// <param name="text">What was read.</param>
    /// <param name="node">What it was read as.</param>
    /// <exception cref="JsonException">It has one.</exception>
    public static void CheckTexts(string text, JsonNode? node)
    {
        if (!text.Contains("\\u", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            _ = node?.ToJsonString(Writing);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc cref="Node"/>
    public static JsonDocument Document(string text) => JsonDocument.Parse(text, Reading);

    /// <summary>Whether a text that cannot be read is one that is nested too deep.</summary>
    public static bool IsTooDeep(string text)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= MaxDepth)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // It is no JSON either.
        }

        return false;
    }
}
