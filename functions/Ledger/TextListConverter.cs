using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>A list of texts. Version 0.1.0 wrote some as one text: an array as JSON, or the items with blanks between them.</summary>
internal sealed class TextListConverter : JsonConverter<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Items(ref reader);
        }

        var text = reader.GetString()!;
        if (!text.StartsWith('['))
        {
            return text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        }

        var array = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(text));
        array.Read();
        return Items(ref array);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var item in value)
        {
            writer.WriteStringValue(item);
        }

        writer.WriteEndArray();
    }

    private static List<string> Items(ref Utf8JsonReader reader)
    {
        var items = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(reader.GetString()!);
        }

        return items;
    }
}
