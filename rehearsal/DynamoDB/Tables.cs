using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>The tables of every account and region. Errors are DynamoDB's.</summary>
public sealed class Tables(RehearsalWorld world)
{
    private readonly Table<TableDefinition> _tables = world.Store.VersionedTable<TableDefinition>("dynamodb/tables", table => table);
    private readonly Table<StoredItem> _items = world.Store.VersionedTable<StoredItem>("dynamodb/items", item => item);

    /// <summary>The table, or null.</summary>
    public TableDefinition? Find(TableName name) => _tables.Get(name.Key);

    /// <summary>The table.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public TableDefinition Get(TableName name) => Find(name) ?? throw DynamoDBError.NoTable();

    /// <summary>The names of an account's tables in a region, in order.</summary>
    public IReadOnlyList<string> Names(string account, string region) =>
        [.. _tables.WithPrefix(RegionalKey.Prefix(account, region)).Select(table => table.Value.Name.Name)];

    /// <summary>Makes a table, which is active at once; its id and time of creation are given here.</summary>
    /// <exception cref="ApiException">ResourceInUseException.</exception>
    public TableDefinition Create(TableDefinition table)
    {
        if (Find(table.Name) is not null)
        {
            throw new ApiException("ResourceInUseException", $"Table already exists: {table.Name.Name}");
        }

        var made = table with { Id = world.Random.Uuid(), Created = world.Now };
        _tables.Put(made.Name.Key, made);
        return made;
    }

    /// <summary>Changes time to live, deletion protection or indexes; the key stays.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException.</exception>
    public TableDefinition Update(TableDefinition table)
    {
        var old = Get(table.Name);
        var updated = table with { Id = old.Id, Created = old.Created, PartitionKey = old.PartitionKey, SortKey = old.SortKey };
        _tables.Put(updated.Name.Key, updated);
        return updated;
    }

    /// <summary>Deletes a table with its items.</summary>
    /// <exception cref="ApiException">ResourceNotFoundException, ValidationException (deletion protection).</exception>
    public TableDefinition Delete(TableName name)
    {
        var table = Get(name);
        if (table.DeletionProtection)
        {
            throw DynamoDBError.Validation(
                $"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first."
            );
        }

        foreach (var (key, _) in _items.WithPrefix($"{name.Key}/"))
        {
            _items.Remove(key);
        }

        _tables.Remove(name.Key);
        return table;
    }
}
