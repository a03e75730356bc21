using System.Text.Json.Serialization;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>An attribute of a key.</summary>
/// <param name="Name">The attribute's name.</param>
/// <param name="Type"><c>S</c>, <c>N</c> or <c>B</c>.</param>
public sealed record KeyAttribute(string Name, string Type);

/// <summary>A global secondary index.</summary>
/// <param name="Name">Its name, unique in the table.</param>
/// <param name="PartitionKey">Its partition key.</param>
/// <param name="SortKey">Its sort key, when it has one.</param>
/// <param name="Projection"><c>ALL</c>, <c>KEYS_ONLY</c> or <c>INCLUDE</c>.</param>
/// <param name="NonKeyAttributes">For <c>INCLUDE</c>: the attributes beside the keys.</param>
public sealed record IndexDefinition(
    string Name,
    KeyAttribute PartitionKey,
    KeyAttribute? SortKey,
    string Projection,
    IReadOnlyList<string> NonKeyAttributes
)
{
    [JsonIgnore]
    internal IReadOnlyList<KeyAttribute> Key => SortKey is null ? [PartitionKey] : [PartitionKey, SortKey];
}

/// <summary>A table, paid per request. See
/// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TableDescription.html.</summary>
public sealed record TableDefinition
{
    /// <summary>Where the table is and what it is called.</summary>
    public required TableName Name { get; init; }

    /// <summary>The partition key.</summary>
    public required KeyAttribute PartitionKey { get; init; }

    /// <summary>The sort key, when there is one.</summary>
    public KeyAttribute? SortKey { get; init; }

    /// <summary>The global secondary indexes.</summary>
    public IReadOnlyList<IndexDefinition> Indexes { get; init; } = [];

    /// <summary>The attribute with the second since 1970 after which an item may be deleted; null while time to live is off.</summary>
    public string? TimeToLive { get; init; }

    /// <summary>Whether the table refuses to be deleted.</summary>
    public bool DeletionProtection { get; init; }

    /// <summary>Its id; given by <see cref="Tables.Create"/>.</summary>
    public string Id { get; init; } = "";

    /// <summary>When it was made; set by <see cref="Tables.Create"/>.</summary>
    public DateTimeOffset Created { get; init; }

    [JsonIgnore]
    internal IReadOnlyList<KeyAttribute> Key => SortKey is null ? [PartitionKey] : [PartitionKey, SortKey];
}
