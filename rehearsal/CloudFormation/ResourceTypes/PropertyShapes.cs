using System.Text.Json.Nodes;
using Deployer.Protocols;
using Deployer.Rehearsal.CloudFormation.Templates;

namespace Deployer.Rehearsal.CloudFormation.ResourceTypes;

/// <summary>Brings properties into the shape of an API's request: names differ in case only, scalars may be written as text,
/// tags are a list here and often a map there.</summary>
internal static class PropertyShapes
{
    /// <exception cref="TemplateException">A property has no place in the request, or is of another type.</exception>
    public static JsonNode? Fit(Shape shape, JsonNode? node, string path = "#") =>
        (shape, node) switch
        {
            (_, null) => null,
            (StructureShape structure, JsonObject map) => Fit(structure, map, path),
            (ListShape list, JsonArray items) => new JsonArray([.. items.Select((item, i) => Fit(list.Item, item, $"{path}/{i}"))]),
            (MapShape values, JsonObject map) => Map(values, map, path),
            (MapShape, JsonArray tags) => new JsonObject(
                tags.OfType<JsonObject>().Select(tag => KeyValuePair.Create(tag.Required("Key"), (JsonNode?)tag.Text("Value")))
            ),
            (ScalarShape { Kind: ScalarKind.String }, JsonObject or JsonArray) => node.ToJsonString(),
            (ScalarShape scalar, JsonValue) when node.Text() is { } text => Scalar(scalar.Kind, text, path),
            _ => throw Unfit(path, "another type"),
        };

    private static JsonObject Fit(StructureShape shape, JsonObject map, string path)
    {
        var result = new JsonObject();
        foreach (var (name, value) in map)
        {
            var member =
                shape.Members.FirstOrDefault(m => string.Equals(m.DocumentName, name, StringComparison.OrdinalIgnoreCase))
                ?? throw new TemplateException(
                    $"Properties validation failed for resource with message: [{path}: extraneous key [{name}] is not permitted]"
                );
            result[member.DocumentName] = Fit(member.Shape, value, $"{path}/{name}");
        }

        return result;
    }

    private static JsonObject Map(MapShape shape, JsonObject map, string path) =>
        new(map.Select(entry => KeyValuePair.Create(entry.Key, Fit(shape.Value, entry.Value, $"{path}/{entry.Key}"))));

    private static JsonNode Scalar(ScalarKind kind, string text, string path) =>
        kind switch
        {
            ScalarKind.Boolean => bool.TryParse(text, out var flag) ? flag : throw Unfit(path, "Boolean"),
            ScalarKind.Integer or ScalarKind.Long => long.TryParse(text, out var number) ? number : throw Unfit(path, "Integer"),
            ScalarKind.Float or ScalarKind.Double => decimal.TryParse(text, out var number) ? number : throw Unfit(path, "Number"),
            _ => text,
        };

    private static TemplateException Unfit(string path, string expected) =>
        new($"Properties validation failed for resource with message: [{path}: expected type: {expected}]");
}
