using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>How many instances an Auto Scaling group has.</summary>
/// <param name="Min">The fewest.</param>
/// <param name="Desired">How many there should be; 0 for a group that is off.</param>
/// <param name="Max">The most.</param>
public sealed record GroupCapacity(int Min, int Desired, int Max)
{
    /// <summary>Where the capacity lies that a compute group had before it was turned off.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The target.</param>
    /// <param name="stack">The name of the group's stack.</param>
    public static LedgerKey<GroupCapacity> Key(string service, string target, string stack) =>
        new($"TARGET#{service}#{target}", $"CAPACITY#{stack}", GroupCapacityDocuments.Default.GroupCapacity);
}

/// <summary>How a capacity is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(GroupCapacity))]
internal sealed partial class GroupCapacityDocuments : JsonSerializerContext;
