using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Endpoints;

/// <summary>What the task that finds an endpoint keeps.</summary>
public sealed record ResolvedEndpoint : IKept<ResolvedEndpoint>
{
    /// <summary>Its DNS name; <see langword="null"/> before it was found.</summary>
    public string? Dns { get; init; }

    /// <summary>Since when looks have not found the endpoint, by AWS's clock; <see langword="null"/> before the first one.</summary>
    public DateTime? MissingSince { get; init; }

    /// <summary>The names of the functions that are given its variables.</summary>
    [JsonConverter(typeof(TextListConverter))]
    public IReadOnlyList<string>? Functions { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<ResolvedEndpoint> IKept<ResolvedEndpoint>.Json => EndpointDocuments.Default.ResolvedEndpoint;
}

/// <summary>How what endpoints keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ResolvedEndpoint))]
[JsonSerializable(typeof(InjectedFunctions))]
internal sealed partial class EndpointDocuments : JsonSerializerContext;
