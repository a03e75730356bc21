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
    /// <exception cref="JsonException">It is no JSON, or nested deeper than <see cref="MaxDepth"/>.</exception>
    public static JsonNode? Node(string text) => JsonNode.Parse(text, documentOptions: Reading);

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
