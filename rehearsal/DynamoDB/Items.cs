using System.Globalization;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>The items of the tables.</summary>
internal sealed class Items(RehearsalWorld world)
{
    /// <summary>
    /// DynamoDB deletes an expired item "within a few days", and shows it until then, so nobody may build on a prompt deletion.
    /// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html.
    /// </summary>
    public static readonly TimeSpan DeletionDelay = TimeSpan.FromHours(48);

    private const int MaxItemSize = 400 * 1024;
    private readonly Table<StoredItem> _items = world.Store.VersionedTable<StoredItem>("dynamodb/items", item => item);

    /// <summary>The item with this key, or null.</summary>
    public MapValue? Get(TableDefinition table, MapValue key)
    {
        var storeKey = StoreKey(table, key);
        return _items.Get(storeKey) is { } stored && IsAlive(table, storeKey, stored.Item) ? stored.Item : null;
    }

    /// <summary>Puts an item in place of the one with its key.</summary>
    public void Put(TableDefinition table, MapValue item) => _items.Put(StoreKey(table, item), new StoredItem(item));

    /// <summary>Removes the item with this key, if there is one.</summary>
    public void Delete(TableDefinition table, MapValue key) => _items.Remove(StoreKey(table, key));

    /// <summary>Every item, or those of one partition.</summary>
    public IEnumerable<MapValue> All(TableDefinition table, AttributeValue? partition = null) =>
        _items
            .WithPrefix($"{table.Name.Key}/{(partition is null ? "" : $"{Encoded(partition)}/")}")
            .Where(stored => IsAlive(table, stored.Key, stored.Value.Item))
            .Select(stored => stored.Value.Item);

    /// <summary>What orders items when nothing else does.</summary>
    public static string StoreKey(TableDefinition table, MapValue item) =>
        $"{table.Name.Key}/{string.Join('/', table.Key.Select(key => Encoded(item[key.Name]!)))}{(table.SortKey is null ? "/" : "")}";

    /// <summary>The key of an item.</summary>
    public static MapValue KeyOf(TableDefinition table, MapValue item) => item.Only(table.Key.Select(key => key.Name));

    /// <summary>Refuses what is not exactly a key of the table.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static void EnsureKey(TableDefinition table, MapValue key)
    {
        if (key.Attributes.Count != table.Key.Count || table.Key.Any(part => key[part.Name]?.Type != part.Type))
        {
            throw DynamoDBError.Validation("The provided key element does not match the schema");
        }

        EnsureKeyValues(table, key);
    }

    /// <summary>Refuses an item that the table cannot hold.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public static void EnsureItem(TableDefinition table, MapValue item, string tooLarge)
    {
        foreach (var key in table.Key)
        {
            var value = item[key.Name] ?? throw DynamoDBError.InvalidValue($"Missing the key {key.Name} in the item");
            if (value.Type != key.Type)
            {
                throw DynamoDBError.InvalidValue($"Type mismatch for key {key.Name} expected: {key.Type} actual: {value.Type}");
            }
        }

        EnsureKeyValues(table, item);
        foreach (var index in table.Indexes)
        {
            foreach (var key in index.Key)
            {
                if (item[key.Name] is { } value && value.Type != key.Type)
                {
                    throw DynamoDBError.InvalidValue(
                        $"Type mismatch for Index Key {key.Name} Expected: {key.Type} Actual: {value.Type} IndexName: {index.Name}"
                    );
                }
            }
        }

        if (item.ItemSize > MaxItemSize)
        {
            throw DynamoDBError.Validation(tooLarge);
        }
    }

    private static void EnsureKeyValues(TableDefinition table, MapValue item)
    {
        foreach (var key in table.Key)
        {
            if (item[key.Name] is { Length: 0 })
            {
                var kind = key.Type == "B" ? "binary" : "string";
                throw DynamoDBError.Validation(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
                        + $"{kind} value. Key: {key.Name}"
                );
            }
        }

        if (item[table.PartitionKey.Name]!.Size > 2048)
        {
            throw DynamoDBError.InvalidValue("Size of hashkey has exceeded the maximum size limit of2048 bytes");
        }

        if (table.SortKey is { } sortKey && item[sortKey.Name]!.Size > 1024)
        {
            throw DynamoDBError.InvalidValue("Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
        }
    }

    private static string Encoded(AttributeValue value) =>
        value switch
        {
            StringValue text => Uri.EscapeDataString(text.Text),
            NumberValue number => number.Number.ToString(),
            _ => Convert.ToHexString(((BinaryValue)value).Bytes),
        };

    private bool IsAlive(TableDefinition table, string storeKey, MapValue item)
    {
        if (
            table.TimeToLive is not { } attribute
            || item[attribute] is not NumberValue expiry
            || !long.TryParse(expiry.Number.ToString(), CultureInfo.InvariantCulture, out var seconds)
            || world.Now.ToUnixTimeSeconds() < seconds + (long)DeletionDelay.TotalSeconds
        )
        {
            return true;
        }

        _items.Remove(storeKey);
        return false;
    }
}
