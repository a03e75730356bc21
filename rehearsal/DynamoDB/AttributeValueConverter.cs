using System.Text.Json;
using System.Text.Json.Serialization;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>
/// DynamoDB's JSON form of values (<c>{"S": "text"}</c>), on the wire and in the store.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html.
/// </summary>
internal sealed class AttributeValueConverter : JsonConverter<AttributeValue>
{
    private const int MaxDepth = 32;

    public override bool CanConvert(Type typeToConvert) => typeof(AttributeValue).IsAssignableFrom(typeToConvert);

    public override AttributeValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(JsonElement.ParseValue(ref reader));

    public override void Write(Utf8JsonWriter writer, AttributeValue value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(value.Type);
        switch (value)
        {
            case StringValue text:
                writer.WriteStringValue(text.Text);
                break;
            case NumberValue number:
                writer.WriteStringValue(number.Number.ToString());
                break;
            case BinaryValue binary:
                writer.WriteBase64StringValue(binary.Bytes);
                break;
            case BooleanValue boolean:
                writer.WriteBooleanValue(boolean.Value);
                break;
            case NullValue:
                writer.WriteBooleanValue(true);
                break;
            case SetValue set:
                writer.WriteStartArray();
                foreach (var member in set.Members)
                {
                    writer.WriteStringValue(
                        member switch
                        {
                            StringValue text => text.Text,
                            NumberValue number => number.Number.ToString(),
                            _ => Convert.ToBase64String(((BinaryValue)member).Bytes),
                        }
                    );
                }

                writer.WriteEndArray();
                break;
            case ListValue list:
                writer.WriteStartArray();
                foreach (var element in list.Elements)
                {
                    Write(writer, element, options);
                }

                writer.WriteEndArray();
                break;
            case MapValue map:
                writer.WriteStartObject();
                foreach (var (name, member) in map.Attributes)
                {
                    writer.WritePropertyName(name);
                    Write(writer, member, options);
                }

                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads one value.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static AttributeValue Parse(JsonElement element, int depth = 0)
    {
        if (depth > MaxDepth)
        {
            throw DynamoDBError.Validation("Nesting Levels have exceeded supported limits");
        }

        var types =
            element.ValueKind == JsonValueKind.Object
                ? element.EnumerateObject().Where(type => type.Value.ValueKind != JsonValueKind.Null).ToArray()
                : throw new ApiException("SerializationException", "Unexpected field type");
        if (types.Length != 1)
        {
            throw DynamoDBError.Validation(
                types.Length == 0
                    ? "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
                    : "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            );
        }

        try
        {
            return Parse(types[0].Name, types[0].Value, depth);
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new ApiException("SerializationException", $"Unexpected value for type {types[0].Name} in payload");
        }
    }

    /// <summary>Reads a whole item or key.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static MapValue ParseItem(JsonElement element, int depth = 0)
    {
        var attributes = new SortedDictionary<string, AttributeValue>(StringComparer.Ordinal);
        foreach (var attribute in element.EnumerateObject())
        {
            attributes[attribute.Name] = Parse(attribute.Value, depth);
        }

        return new MapValue(attributes);
    }

    private static AttributeValue Parse(string type, JsonElement value, int depth) =>
        type switch
        {
            "S" => new StringValue(value.GetString()!),
            "N" => new NumberValue(DynamoNumber.Parse(value.GetString()!)),
            "B" => new BinaryValue(value.GetBytesFromBase64()),
            "BOOL" => new BooleanValue(value.GetBoolean()),
            "NULL" => value.GetBoolean()
                ? new NullValue()
                : throw DynamoDBError.InvalidValue("Null attribute value types must have the value of true"),
            "SS" => Set(type, value, "string", member => new StringValue(member.GetString()!)),
            "NS" => Set(type, value, "number", member => new NumberValue(DynamoNumber.Parse(member.GetString()!))),
            "BS" => Set(type, value, "binary", member => new BinaryValue(member.GetBytesFromBase64())),
            "L" => new ListValue([.. value.EnumerateArray().Select(member => Parse(member, depth + 1))]),
            "M" => ParseItem(value, depth + 1),
            _ => throw DynamoDBError.Validation("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
        };

    private static SetValue Set(string type, JsonElement value, string kind, Func<JsonElement, AttributeValue> read)
    {
        AttributeValue[] members = [.. value.EnumerateArray().Select(read)];
        return members.Length == 0 ? throw DynamoDBError.InvalidValue($"An {kind} set  may not be empty")
            : members.Distinct().Count() < members.Length
                ? throw DynamoDBError.InvalidValue(
                    $"Input collection [{string.Join(", ", value.EnumerateArray().Select(member => member.GetString()))}] contains "
                        + "duplicates."
                )
            : new SetValue(type, members);
    }
}
