using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>A development instance: a copy of some steps of a service, until it expires.</summary>
public sealed record InstanceRecord
{
    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>The target in which it stands, as <c>deployer.yaml</c> names it.</summary>
    public required string Declared { get; init; }

    /// <summary>Its own name.</summary>
    public required string Instance { get; init; }

    /// <summary>The name of its own target, under which its lock and its records lie.</summary>
    public required string Target { get; init; }

    /// <summary>The number of the deployment that was asked for last.</summary>
    public required long Number { get; init; }

    /// <summary>Digest of the source that was deployed last.</summary>
    public required string Digest { get; init; }

    /// <summary>When it is removed, unless it is deployed again before.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The development instances of all services.</summary>
    public static LedgerRange<InstanceRecord> All => new(Partition, string.Empty, InstanceRecordDocuments.Default.InstanceRecord);

    private const string Partition = "INSTANCES";

    /// <summary>Where a development instance is listed.</summary>
    /// <param name="service">The service.</param>
    /// <param name="target">The name of the instance's own target.</param>
    public static LedgerKey<InstanceRecord> Key(string service, string target) =>
        new(Partition, $"{service}#{target}", InstanceRecordDocuments.Default.InstanceRecord);

    /// <summary>The development instances of a service whose targets' names have this beginning.</summary>
    public static LedgerRange<InstanceRecord> WithPrefix(string service, string targetPrefix) =>
        new(Partition, $"{service}#{targetPrefix}", InstanceRecordDocuments.Default.InstanceRecord);
}

/// <summary>How the record of a development instance is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(InstanceRecord))]
internal sealed partial class InstanceRecordDocuments : JsonSerializerContext;
