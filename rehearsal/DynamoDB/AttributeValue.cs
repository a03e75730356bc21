using System.Text;
using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>A value of an item; never changed, only replaced.</summary>
[JsonConverter(typeof(AttributeValueConverter))]
internal abstract record AttributeValue
{
    /// <summary>The type's name on the wire, such as <c>S</c>.</summary>
    public abstract string Type { get; }

    /// <summary>
    /// Bytes that count for the limit of an item.
    /// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html.
    /// </summary>
    public abstract int Size { get; }

    /// <summary>What the function <c>size</c> answers; null for a type that has no size.</summary>
    public virtual int? Length => null;
}

internal sealed record StringValue(string Text) : AttributeValue
{
    public override string Type => "S";

    public override int Size => Encoding.UTF8.GetByteCount(Text);

    public override int? Length => Text.Length;
}

internal sealed record NumberValue(DynamoNumber Number) : AttributeValue
{
    public override string Type => "N";

    public override int Size => Number.Size;
}

internal sealed record BinaryValue(byte[] Bytes) : AttributeValue
{
    public override string Type => "B";

    public override int Size => Bytes.Length;

    public override int? Length => Bytes.Length;

    public bool Equals(BinaryValue? other) => other is not null && Bytes.AsSpan().SequenceEqual(other.Bytes);

    public override int GetHashCode() => Bytes.Aggregate(0, HashCode.Combine);
}

internal sealed record BooleanValue(bool Value) : AttributeValue
{
    public override string Type => "BOOL";

    public override int Size => 1;
}

internal sealed record NullValue : AttributeValue
{
    public override string Type => "NULL";

    public override int Size => 1;
}

/// <summary>A set of strings, numbers or binary values: all of one type, without an order.</summary>
internal sealed record SetValue(string Type, IReadOnlyList<AttributeValue> Members) : AttributeValue
{
    public override string Type { get; } = Type;

    public override int Size => Members.Sum(member => member.Size);

    public override int? Length => Members.Count;

    public bool Equals(SetValue? other) =>
        other is not null && Type == other.Type && Members.Count == other.Members.Count && Members.All(other.Members.Contains);

    public override int GetHashCode() =>
        Members.Aggregate(Type.GetHashCode(StringComparison.Ordinal), (hash, member) => hash ^ member.GetHashCode());
}

internal sealed record ListValue(IReadOnlyList<AttributeValue> Elements) : AttributeValue
{
    public override string Type => "L";

    public override int Size => 3 + Elements.Sum(element => element.Size + 1);

    public override int? Length => Elements.Count;

    public bool Equals(ListValue? other) => other is not null && Elements.SequenceEqual(other.Elements);

    public override int GetHashCode() => Elements.Aggregate(0, HashCode.Combine);
}

/// <summary>A map; a whole item is one too.</summary>
internal sealed record MapValue(IReadOnlyDictionary<string, AttributeValue> Attributes) : AttributeValue
{
    public static readonly MapValue Empty = new(new SortedDictionary<string, AttributeValue>(StringComparer.Ordinal));

    public override string Type => "M";

    public override int Size => 3 + Attributes.Sum(attribute => attribute.Value.Size + Encoding.UTF8.GetByteCount(attribute.Key) + 1);

    /// <summary>The size of the map as a whole item, which has no overhead of its own.</summary>
    public int ItemSize => Attributes.Sum(attribute => attribute.Value.Size + Encoding.UTF8.GetByteCount(attribute.Key));

    public override int? Length => Attributes.Count;

    public AttributeValue? this[string name] => Attributes.GetValueOrDefault(name);

    public MapValue With(string name, AttributeValue value) =>
        new(new SortedDictionary<string, AttributeValue>(Attributes.ToDictionary(), StringComparer.Ordinal) { [name] = value });

    public MapValue Without(string name)
    {
        var rest = new SortedDictionary<string, AttributeValue>(Attributes.ToDictionary(), StringComparer.Ordinal);
        rest.Remove(name);
        return new(rest);
    }

    public MapValue Only(IEnumerable<string> names) =>
        names.Aggregate(Empty, (map, name) => this[name] is { } value ? map.With(name, value) : map);

    public bool Equals(MapValue? other) =>
        other is not null
        && Attributes.Count == other.Attributes.Count
        && Attributes.All(attribute => attribute.Value.Equals(other[attribute.Key]));

    public override int GetHashCode() =>
        Attributes.Aggregate(0, (hash, attribute) => hash ^ HashCode.Combine(attribute.Key, attribute.Value));
}
