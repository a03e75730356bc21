namespace Deployer.Rehearsal.DynamoDB;

/// <summary>An item of a table, as the store keeps it.</summary>
internal sealed record StoredItem(MapValue Item);
