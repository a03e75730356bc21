using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>BatchGetItem and BatchWriteItem; nothing is ever left unprocessed.</summary>
internal sealed class BatchOperations(TableAccess access, Items items)
{
    /// <summary>The operation that reads.</summary>
    public const string Get = "BatchGetItem";

    public JsonObject BatchGetItem(Call call, JsonElement element)
    {
        var tables = new DynamoRequest(element, "RequestItems", "ReturnConsumedCapacity")
            .Required("RequestItems")
            .EnumerateObject()
            .ToArray();
        foreach (var table in tables.Where(table => table.Value.ValueKind != JsonValueKind.Object))
        {
            throw new ApiException("SerializationException", $"Unexpected field type: RequestItems.{table.Name} is not a structure.");
        }

        EnsureCount(tables.Sum(table => table.Value.GetProperty("Keys").GetArrayLength()), 100);
        var responses = new JsonObject();
        foreach (var one in tables)
        {
            var request = new DynamoRequest(one.Value, "Keys", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames");
            var projection = request.Projection();
            request.EnsurePlaceholdersUsed();
            MapValue[] keys = [.. request.Required("Keys").EnumerateArray().Select(key => AttributeValueConverter.ParseItem(key))];
            EnsureDistinct(keys);
            var table = access.Open(call, TableName.Resolve(call, one.Name), Get, keys);
            var isConsistent = request.Flag("ConsistentRead");
            var found = new JsonArray();
            foreach (var key in keys)
            {
                Items.EnsureKey(table, key);
                if ((isConsistent ? items.Get(table, key) : EventualReads.Answer(call, () => items.Get(table, key))) is { } item)
                {
                    found.Add(ItemOperations.Json(projection?.Apply(item) ?? item));
                }
            }

            responses[one.Name] = found;
        }

        return new JsonObject { ["Responses"] = responses, ["UnprocessedKeys"] = new JsonObject() };
    }

    public JsonObject BatchWriteItem(Call call, JsonElement element)
    {
        var requests = new DynamoRequest(element, "RequestItems", "ReturnConsumedCapacity", "ReturnItemCollectionMetrics")
            .Required("RequestItems")
            .EnumerateObject()
            .ToArray();
        foreach (var table in requests.Where(table => table.Value.ValueKind != JsonValueKind.Array))
        {
            throw new ApiException("SerializationException", $"Unexpected field type: RequestItems.{table.Name} is not a list.");
        }

        EnsureCount(requests.Sum(table => table.Value.GetArrayLength()), 25);
        var writes = new List<(TableDefinition Table, ItemWrite Write)>();
        foreach (var one in requests)
        {
            var name = TableName.Resolve(call, one.Name);
            ItemWrite[] parts = [.. one.Value.EnumerateArray().Select(part => Read(name, part))];
            var table = access.Open(call, name, "BatchWriteItem", parts.Select(part => part.KeyOrItem));
            foreach (var part in parts)
            {
                part.Ensure(table);
                writes.Add((table, part));
            }

            EnsureDistinct([.. parts.Select(part => Items.KeyOf(table, part.KeyOrItem))]);
        }

        foreach (var (table, write) in writes)
        {
            if (write.Action == "PutItem")
            {
                items.Put(table, write.KeyOrItem);
            }
            else
            {
                items.Delete(table, write.KeyOrItem);
            }
        }

        return new JsonObject { ["UnprocessedItems"] = new JsonObject() };
    }

    private static ItemWrite Read(TableName name, JsonElement part)
    {
        var request = new DynamoRequest(part, "PutRequest", "DeleteRequest");
        return (request.Element("PutRequest"), request.Element("DeleteRequest")) switch
        {
            ({ } put, null) => new ItemWrite(
                name,
                "PutItem",
                new DynamoRequest(put, "Item").RequiredItem("Item"),
                null,
                null,
                ShowOnFailure: false
            ),
            (null, { } delete) => new ItemWrite(
                name,
                "DeleteItem",
                new DynamoRequest(delete, "Key").RequiredItem("Key"),
                null,
                null,
                ShowOnFailure: false
            ),
            _ => throw DynamoDBError.Validation(
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
            ),
        };
    }

    private static void EnsureCount(int count, int most)
    {
        if (count < 1 || count > most)
        {
            throw DynamoDBError.Validation(
                "1 validation error detected: Value at 'requestItems' failed to satisfy constraint: Map value must satisfy "
                    + $"constraint: [Member must have length less than or equal to {most}, Member must have length greater than or "
                    + "equal to 1]"
            );
        }
    }

    private static void EnsureDistinct(MapValue[] keys)
    {
        if (keys.Distinct().Count() < keys.Length)
        {
            throw DynamoDBError.Validation("Provided list of item keys contains duplicates");
        }
    }
}
