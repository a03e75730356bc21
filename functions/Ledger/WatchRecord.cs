using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>A service's target that owns or reads a resource: an event about the resource leads to a look at the target.</summary>
/// <param name="Resource">The resource, as its events name it.</param>
/// <param name="Service">The service.</param>
/// <param name="Target">The target, or the development instance as one.</param>
public sealed record WatchRecord(string Resource, string Service, string Target)
{
    /// <summary>Where it is written that a target owns or reads a resource.</summary>
    [JsonIgnore]
    public LedgerKey<WatchRecord> Key => new(Partition(Resource), $"{Service}#{Target}", WatchRecordDocuments.Default.WatchRecord);

    /// <summary>The targets that own or read a resource.</summary>
    public static LedgerRange<WatchRecord> All(string resource) =>
        new(Partition(resource), string.Empty, WatchRecordDocuments.Default.WatchRecord);

    private static string Partition(string resource) => $"WATCH#{resource}";
}

/// <summary>How the record of what a target owns or reads is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(WatchRecord))]
internal sealed partial class WatchRecordDocuments : JsonSerializerContext;
