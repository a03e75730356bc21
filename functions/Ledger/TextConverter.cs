using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>Reads and writes a type that JSON has as a text.</summary>
public abstract class TextConverter<T> : JsonConverter<T>
    where T : notnull
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? Parse(reader.GetString()!)
            : throw new JsonException($"a {typeof(T).Name} is a text, not a {reader.TokenType}");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));

    /// <summary>The value that a text means.</summary>
    /// <exception cref="JsonException">The text means none.</exception>
    protected abstract T Parse(string text);

    /// <summary>The text of a value.</summary>
    protected abstract string Format(T value);
}
