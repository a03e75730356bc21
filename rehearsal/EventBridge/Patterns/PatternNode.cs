using System.Text.Json;

namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>A part of a pattern, asked about the event's value at its place; no value means that the field is absent.</summary>
internal abstract class PatternNode
{
    internal abstract bool Matches(JsonElement? value);
}

/// <summary>Fields that must all match, and groups of alternatives (<c>$or</c>) of which one must.</summary>
internal sealed class FieldsNode(IReadOnlyList<KeyValuePair<string, PatternNode>> fields, IReadOnlyList<FieldsNode> alternatives)
    : PatternNode
{
    internal override bool Matches(JsonElement? value)
    {
        if (value is { ValueKind: JsonValueKind.Array } array && array.GetArrayLength() > 0)
        {
            return array.EnumerateArray().Any(item => Matches(item));
        }

        return fields.All(field => field.Value.Matches(Child(value, field.Key)))
            && (alternatives.Count == 0 || alternatives.Any(alternative => alternative.Matches(value)));
    }

    private static JsonElement? Child(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } fields && fields.TryGetProperty(name, out var child) ? child : null;
}

/// <summary>A field's tests, one of which must hold for one of its values.</summary>
internal sealed class TestsNode(IReadOnlyList<ValueTest> tests) : PatternNode
{
    internal override bool Matches(JsonElement? value)
    {
        var leaves = new List<JsonElement>();
        AddLeaves(value, leaves);
        return tests.Any(test => test.Matches(leaves));
    }

    /// <summary>Only leaves are compared: an object has none, an array those of its items.</summary>
    private static void AddLeaves(JsonElement? value, List<JsonElement> leaves)
    {
        switch (value)
        {
            case null or { ValueKind: JsonValueKind.Object }:
                break;
            case { ValueKind: JsonValueKind.Array } array:
                foreach (var item in array.EnumerateArray())
                {
                    AddLeaves(item, leaves);
                }

                break;
            case { } leaf:
                leaves.Add(leaf);
                break;
        }
    }
}
