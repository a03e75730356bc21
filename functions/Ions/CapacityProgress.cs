using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Deployer.Functions.Ledger;

namespace Deployer.Functions.Ions;

/// <summary>What the task that changes a group's capacity keeps.</summary>
public sealed record CapacityProgress : IKept<CapacityProgress>
{
    /// <summary>How many instances are started or ended.</summary>
    public int? Nodes { get; init; }

    /// <inheritdoc/>
    static JsonTypeInfo<CapacityProgress> IKept<CapacityProgress>.Json => CapacityDocuments.Default.CapacityProgress;
}

/// <summary>How what changes of capacity keep is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowReadingFromString
)]
[JsonSerializable(typeof(CapacityProgress))]
internal sealed partial class CapacityDocuments : JsonSerializerContext;
