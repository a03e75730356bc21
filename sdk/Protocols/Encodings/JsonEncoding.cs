using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Deployer.Protocols;

/// <summary>Shapes as JSON, in both directions.</summary>
internal static class JsonEncoding
{
    private static void Write(Utf8JsonWriter writer, Shape shape, object value, JsonStyle style)
    {
        switch (shape)
        {
            case StructureShape structure:
                writer.WriteStartObject();
                WriteMembers(writer, structure, value, style);
                writer.WriteEndObject();
                break;
            case ListShape list:
                writer.WriteStartArray();
                foreach (var item in (IList)value)
                {
                    Write(writer, list.Item, item!, style);
                }
                writer.WriteEndArray();
                break;
            case MapShape map:
                writer.WriteStartObject();
                foreach (DictionaryEntry entry in (IDictionary)value)
                {
                    writer.WritePropertyName((string)entry.Key);
                    Write(writer, map.Value, entry.Value!, style);
                }

                writer.WriteEndObject();
                break;
            case ScalarShape scalar:
                WriteScalar(writer, scalar, value, style);
                break;
        }
    }

    /// <summary>Writes the members that belong into the document; on the wire those are the ones without a place of their own.</summary>
    internal static void WriteMembers(Utf8JsonWriter writer, StructureShape structure, object value, JsonStyle style)
    {
        foreach (var member in structure.Members)
        {
            if ((style == JsonStyle.Document || member.Location == HttpLocation.Body) && member.Get(value) is { } set)
            {
                writer.WritePropertyName(NameOf(member, style));
                Write(writer, member.Shape, set, style);
            }
        }
    }

    /// <exception cref="FormatException">The JSON does not fit the shape.</exception>
    private static object Read(JsonElement json, Shape shape, JsonStyle style)
    {
        switch (shape)
        {
            case StructureShape structure:
                var instance = structure.Create();
                ReadMembers(json, structure, instance, style);
                return instance;
            case ListShape list:
                Expect(json, JsonValueKind.Array);
                var items = list.Create();
                foreach (var item in json.EnumerateArray())
                {
                    if (item.ValueKind != JsonValueKind.Null)
                    {
                        items.Add(Read(item, list.Item, style));
                    }
                }

                return items;
            case MapShape map:
                Expect(json, JsonValueKind.Object);
                var entries = map.Create();
                foreach (var entry in json.EnumerateObject())
                {
                    if (entry.Value.ValueKind != JsonValueKind.Null)
                    {
                        entries[entry.Name] = Read(entry.Value, map.Value, style);
                    }
                }

                return entries;
            default:
                return ReadScalar(json, (ScalarShape)shape, style);
        }
    }

    /// <summary>
    /// Sets what the JSON holds; members that the model does not know are passed over, as every AWS client and service does.
    /// </summary>
    /// <exception cref="FormatException">The JSON does not fit the shape.</exception>
    internal static void ReadMembers(JsonElement json, StructureShape structure, object instance, JsonStyle style)
    {
        Expect(json, JsonValueKind.Object);
        foreach (var member in structure.Members)
        {
            if (
                (style == JsonStyle.Document || member.Location == HttpLocation.Body)
                && json.TryGetProperty(NameOf(member, style), out var value)
                && value.ValueKind != JsonValueKind.Null
            )
            {
                member.Set(instance, Read(value, member.Shape, style));
            }
        }
    }

    private static string NameOf(Member member, JsonStyle style) => style == JsonStyle.Wire ? member.WireName : member.DocumentName;

    private static void WriteScalar(Utf8JsonWriter writer, ScalarShape shape, object value, JsonStyle style)
    {
        switch (shape.Kind)
        {
            case ScalarKind.Boolean:
                writer.WriteBooleanValue((bool)value);
                break;
            case ScalarKind.Integer:
                writer.WriteNumberValue((int)value);
                break;
            case ScalarKind.Long:
                writer.WriteNumberValue((long)value);
                break;
            case ScalarKind.Float when float.IsFinite((float)value):
                writer.WriteNumberValue((float)value);
                break;
            case ScalarKind.Double when double.IsFinite((double)value):
                writer.WriteNumberValue((double)value);
                break;
            case ScalarKind.EpochMilliseconds:
                writer.WriteNumberValue(ScalarText.EpochMilliseconds((DateTime)value));
                break;
            case ScalarKind.Timestamp when style == JsonStyle.Wire:
                writer.WriteNumberValue(ScalarText.EpochMilliseconds((DateTime)value) / 1000m);
                break;
            case ScalarKind.Blob when style == JsonStyle.Document:
                writer.WriteStringValue(((MemoryStream)value).ToArray());
                break;
            default:
                writer.WriteStringValue(ScalarText.Format(shape, value));
                break;
        }
    }

    private static object ReadScalar(JsonElement json, ScalarShape shape, JsonStyle style)
    {
        var kind = shape.Kind;
        if (kind is ScalarKind.Boolean && json.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return json.GetBoolean();
        }
        if (json.ValueKind == JsonValueKind.Number)
        {
            return kind switch
            {
                ScalarKind.Integer => json.GetInt32(),
                ScalarKind.Long => json.GetInt64(),
                ScalarKind.Float => json.GetSingle(),
                ScalarKind.Double => json.GetDouble(),
                ScalarKind.EpochMilliseconds => ScalarText.FromEpochMilliseconds(json.GetInt64()),
                ScalarKind.Timestamp when style == JsonStyle.Wire => FromEpochSeconds(json),
                _ => throw Unfit(json, kind.ToString()),
            };
        }

        if (json.ValueKind != JsonValueKind.String || kind is ScalarKind.Boolean or ScalarKind.Integer or ScalarKind.Long)
        {
            throw Unfit(json, kind.ToString());
        }
        var text = json.GetString()!;
        return kind == ScalarKind.Blob && style == JsonStyle.Document
            ? new MemoryStream(Encoding.UTF8.GetBytes(text))
            : ScalarText.Parse(shape, text);
    }

    // Services write whole seconds, fractions and exponents ("1.5E9"); decimal keeps the milliseconds exact.
    private static DateTime FromEpochSeconds(JsonElement json) =>
        ScalarText.FromEpochMilliseconds(
            (long)Math.Round(decimal.Parse(json.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture) * 1000m)
        );

    private static void Expect(JsonElement json, JsonValueKind kind)
    {
        if (json.ValueKind != kind)
        {
            throw Unfit(json, kind.ToString());
        }
    }

    private static FormatException Unfit(JsonElement json, string expected) => new($"{json.ValueKind} cannot be converted to {expected}");
}
