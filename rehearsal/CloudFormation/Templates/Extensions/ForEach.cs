using System.Text.Json.Nodes;

namespace Deployer.Rehearsal.CloudFormation.Templates.Extensions;

/// <summary>A loop: an identifier, what it stands for in turn, and what is repeated.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html</summary>
internal sealed record ForEach(string Identifier, JsonNode? Collection, JsonObject Fragment)
{
    private const string Prefix = "Fn::ForEach::";

    /// <summary>Whether a key is that of a loop.</summary>
    public static bool IsLoop(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="TemplateException">It is not laid out as a loop is.</exception>
    public static ForEach Read(string key, JsonNode? loop) =>
        loop is JsonArray { Count: 3 } parts && parts[0].Text() is { Length: > 0 } identifier && parts[2] is JsonObject fragment
            ? new ForEach(identifier, parts[1], fragment)
            : throw LanguageExtensions.Failed($"{key} layout is incorrect");

    /// <summary>What is repeated, for one value: <c>${Identifier}</c> and a reference to it give the value, <c>&amp;{Identifier}</c> its
    /// letters and digits.</summary>
    public JsonObject With(string value) => (JsonObject)Bound(Fragment, value)!;

    private JsonNode? Bound(JsonNode? node, string value) =>
        node switch
        {
            JsonArray list => new JsonArray([.. list.Select(item => Bound(item, value))]),
            JsonObject { Count: 1 } map when map["Ref"].Text() == Identifier => value,
            JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(Text(entry.Key, value), Bound(entry.Value, value)))),
            JsonValue text when text.TryGetValue<string>(out var written) => Text(written, value),
            _ => node?.DeepClone(),
        };

    private string Text(string text, string value) =>
        text.Replace($"${{{Identifier}}}", value, StringComparison.Ordinal)
            .Replace($"&{{{Identifier}}}", string.Concat(value.Where(char.IsAsciiLetterOrDigit)), StringComparison.Ordinal);
}
