using System.Text.Json.Serialization.Metadata;

namespace Deployer.Functions.Ledger;

/// <summary>Where a record lies in the table, and how it is written: a key of one type of record cannot read another.</summary>
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
