using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Endpoints;

/// <summary>What the task of a batch keeps: the functions into which it wrote variables.</summary>
[JsonConverter(typeof(InjectedFunctionsConverter))]
public sealed record InjectedFunctions : IKept<InjectedFunctions>
{
    /// <summary>The names of the functions.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>These functions and one more.</summary>
    public InjectedFunctions And(string function) =>
        Names.Contains(function) ? this : new InjectedFunctions { Names = [.. Names, function] };

    /// <inheritdoc/>
    static JsonTypeInfo<InjectedFunctions> IKept<InjectedFunctions>.Json => EndpointDocuments.Default.InjectedFunctions;
}

/// <summary>An object whose keys are the functions, as version 0.1.0 wrote them.</summary>
internal sealed class InjectedFunctionsConverter : JsonConverter<InjectedFunctions>
{
    /// <inheritdoc/>
    public override InjectedFunctions Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var names = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            names.Add(reader.GetString()!);
            reader.Skip();
        }

        return new InjectedFunctions { Names = names };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, InjectedFunctions value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var name in value.Names)
        {
            writer.WriteString(name, StepAction.Injected.Text());
        }

        writer.WriteEndObject();
    }
}
