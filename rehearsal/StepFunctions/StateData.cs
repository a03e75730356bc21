using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.StepFunctions;

/// <summary>The JSON data of a state machine as Step Functions writes and measures it. A JSON null is a null node.</summary>
public static class StateData
{
    /// <summary>The largest input or output of a state or task, in bytes of UTF-8.
    /// Source: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html.</summary>
    public const int MaximumBytes = 262_144;

    /// <summary>Parses a JSON text. Throws <see cref="JsonException"/> when it is none.</summary>
    public static JsonNode? Parse(string text) => DeepJson.Node(text);

    /// <summary>The compact JSON text, with only the escapes that JSON requires.</summary>
    public static string Text(JsonNode? node) => node is null ? "null" : node.ToJsonString(DeepJson.Writing);

    /// <summary>Whether the node's text is over <see cref="MaximumBytes"/>.</summary>
    public static bool ExceedsLimit(string text) => System.Text.Encoding.UTF8.GetByteCount(text) > MaximumBytes;

    /// <summary>Reads a number; false when the node is no number.</summary>
    public static bool TryNumber(JsonNode? node, out double number)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number)
        {
            number = double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
            return true;
        }

        number = 0;
        return false;
    }

    /// <summary>Reads a string; false when the node is no string.</summary>
    public static bool TryString(JsonNode? node, out string text)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
        {
            text = value.GetValue<string>();
            return true;
        }

        text = "";
        return false;
    }

    /// <summary>A number as JSON, whole when it has no fraction.</summary>
    public static JsonValue Number(double number) =>
        number == Math.Floor(number) && Math.Abs(number) < 1e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);

    /// <summary>The instant as Step Functions writes it in the context object, to the millisecond.</summary>
    public static string Timestamp(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
