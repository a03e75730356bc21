using System.Text;
using System.Text.Json;
using Deployer.Rehearsal.Json;

namespace Deployer.Rehearsal.EventBridge;

/// <summary>An input transformer: values taken out of the event, and a template that they are put into.</summary>
/// <remarks>https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html</remarks>
internal sealed class InputTemplate
{
    private readonly IReadOnlyDictionary<string, FieldPath> _paths;
    private readonly string _template;

    /// <param name="paths">Variables and the paths of their values.</param>
    /// <param name="template">Text or JSON with <c>&lt;variable&gt;</c>.</param>
    /// <exception cref="FormatException">A path cannot be read.</exception>
    internal InputTemplate(IReadOnlyDictionary<string, string> paths, string template)
    {
        _paths = paths.ToDictionary(path => path.Key, path => FieldPath.Parse(path.Value));
        _template = template;
    }

    /// <summary>What the target is given. A value that the event lacks leaves nothing inside a string and an empty string
    /// elsewhere.</summary>
    internal string Fill(JsonElement @event, string ruleArn, DateTimeOffset received)
    {
        var result = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < _template.Length; i++)
        {
            var character = _template[i];
            if (character == '\\' && quoted && i + 1 < _template.Length)
            {
                result.Append(character).Append(_template[++i]);
            }
            else if (
                character == '<'
                && _template.IndexOf('>', i) is var end and > 0
                && Value(_template[(i + 1)..end]) is { Known: true } value
            )
            {
                result.Append(quoted ? InsideString(value.Value) : value.Value?.GetRawText() ?? "\"\"");
                i = end;
            }
            else
            {
                quoted ^= character == '"';
                result.Append(character);
            }
        }

        return result.ToString();

        (bool Known, JsonElement? Value) Value(string name) =>
            name switch
            {
                "aws.events.rule-arn" => (true, Text(ruleArn)),
                "aws.events.rule-name" => (true, Text(ruleArn[(ruleArn.LastIndexOf('/') + 1)..])),
                "aws.events.event.ingestion-time" => (true, Text(received.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"))),
                "aws.events.event.json" => (true, @event),
                "aws.events.event" => (true, WithoutDetail(@event)),
                _ => _paths.TryGetValue(name, out var path) ? (true, path.Find(@event)) : (false, null),
            };
    }

    private static JsonElement Text(string text) => JsonSerializer.SerializeToElement(text);

    private static JsonElement WithoutDetail(JsonElement @event) =>
        JsonSerializer.SerializeToElement(
            @event
                .EnumerateObject()
                .Where(property => property.Name != "detail")
                .ToDictionary(property => property.Name, property => property.Value)
        );

    private static string InsideString(JsonElement? value) =>
        value switch
        {
            null => string.Empty,
            { ValueKind: JsonValueKind.String } text => text.GetRawText()[1..^1],
            { } other => JsonEncodedText
                .Encode(other.GetRawText(), System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)
                .ToString(),
        };
}
