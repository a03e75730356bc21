using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Ledger;

/// <summary>Where a record is in the table, and how it is written: a key of one type of record cannot read another.</summary>
/// <param name="Partition">The partition key.</param>
/// <param name="Sort">The sort key.</param>
/// <param name="Json">How the record is written.</param>
public readonly record struct LedgerKey<T>(string Partition, string Sort, JsonTypeInfo<T> Json)
    where T : class;

/// <summary>The records of one type in a partition whose sort keys have the same beginning.</summary>
/// <param name="Partition">The partition key.</param>
/// <param name="SortPrefix">The beginning of the sort keys; empty for the whole partition.</param>
/// <param name="Json">How the records are written.</param>
public readonly record struct LedgerRange<T>(string Partition, string SortPrefix, JsonTypeInfo<T> Json)
    where T : class;

/// <summary>The records of one type in all partitions; only a report asks for them, since DynamoDB reads the whole table for it.</summary>
/// <param name="PartitionPrefix">The beginning of their partition keys.</param>
/// <param name="SortPrefix">The beginning of their sort keys; empty for any.</param>
/// <param name="Json">How the records are written.</param>
public readonly record struct LedgerScan<T>(string PartitionPrefix, string SortPrefix, JsonTypeInfo<T> Json)
    where T : class;
