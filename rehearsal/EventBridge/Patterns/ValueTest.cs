using System.Text.Json;

namespace Deployer.Rehearsal.EventBridge.Patterns;

/// <summary>One entry of a field's list of accepted values.</summary>
internal abstract class ValueTest
{
    /// <summary>Whether the field with these values (none when it is absent) is accepted.</summary>
    internal virtual bool Matches(IReadOnlyList<JsonElement> leaves) => leaves.Any(Accepts);

    /// <summary>Whether one value is accepted.</summary>
    internal abstract bool Accepts(JsonElement leaf);
}

/// <summary>The field is there, or is not.</summary>
internal sealed class ExistsTest(bool wanted) : ValueTest
{
    internal override bool Matches(IReadOnlyList<JsonElement> leaves) => leaves.Count > 0 == wanted;

    internal override bool Accepts(JsonElement leaf) => wanted;
}

/// <summary>The very value. Numbers are compared as they are written: 300 and 300.0 differ, as AWS documents.</summary>
internal sealed class LiteralTest(JsonElement literal) : ValueTest
{
    internal override bool Accepts(JsonElement leaf) =>
        leaf.ValueKind == literal.ValueKind
        && (leaf.ValueKind == JsonValueKind.String ? leaf.GetString() == literal.GetString() : leaf.GetRawText() == literal.GetRawText());
}

/// <summary>A condition on text.</summary>
internal sealed class TextTest(Func<string, bool> accepts) : ValueTest
{
    internal override bool Accepts(JsonElement leaf) => leaf.ValueKind == JsonValueKind.String && accepts(leaf.GetString()!);
}

/// <summary>A condition on a number.</summary>
internal sealed class NumericTest(IReadOnlyList<Func<double, bool>> comparisons) : ValueTest
{
    internal override bool Accepts(JsonElement leaf) =>
        leaf.ValueKind == JsonValueKind.Number && comparisons.All(comparison => comparison(leaf.GetDouble()));
}

/// <summary>A value that none of the excluded tests accepts; an absent field does not match.</summary>
internal sealed class AnythingButTest(IReadOnlyList<ValueTest> excluded) : ValueTest
{
    internal override bool Accepts(JsonElement leaf) => !excluded.Any(test => test.Accepts(leaf));
}
