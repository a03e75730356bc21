using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>GetItem, PutItem, UpdateItem and DeleteItem.</summary>
internal sealed class ItemOperations(TableAccess access, Items items)
{
    public JsonObject GetItem(Call call, JsonElement element)
    {
        var request = new DynamoRequest(
            element,
            "TableName",
            "Key",
            "ConsistentRead",
            "ProjectionExpression",
            "ExpressionAttributeNames",
            "ReturnConsumedCapacity"
        );
        var name = TableName.Resolve(call, request.RequiredText("TableName"));
        var key = request.RequiredItem("Key");
        var projection = request.Projection();
        request.EnsurePlaceholdersUsed();
        var table = access.Open(call, name, "GetItem", [key]);
        Items.EnsureKey(table, key);
        var item = items.Get(table, key);
        return item is null ? [] : new JsonObject { ["Item"] = Json(projection?.Apply(item) ?? item) };
    }

    public JsonObject Write(Call call, JsonElement element)
    {
        var (write, request) = ItemWrite.Read(call, call.Operation, element);
        var returned = request.Choice("ReturnValues", "NONE");
        if (
            returned is not ("NONE" or "ALL_OLD")
            && !(write.Action == "UpdateItem" && returned is "UPDATED_OLD" or "ALL_NEW" or "UPDATED_NEW")
        )
        {
            throw DynamoDBError.Validation("ReturnValues can only be ALL_OLD or NONE");
        }

        var table = access.Open(call, write.Table, write.Action, [write.KeyOrItem]);
        write.Ensure(table);
        var before = items.Get(table, write.KeyOrItem);
        var after = write.After(table, before);
        Store(table, write, after);
        return Returned(returned, before, after, write.Update) is { Attributes.Count: > 0 } attributes
            ? new JsonObject { ["Attributes"] = Json(attributes) }
            : [];
    }

    public void Store(TableDefinition table, ItemWrite write, MapValue? after)
    {
        if (after is null)
        {
            items.Delete(table, write.KeyOrItem);
        }
        else if (write.Action != "ConditionCheck")
        {
            items.Put(table, after);
        }
    }

    /// <summary>An item in an answer.</summary>
    public static JsonNode Json(MapValue item) => JsonSerializer.SerializeToNode(item.Attributes)!;

    private static MapValue? Returned(string wanted, MapValue? before, MapValue? after, UpdateExpression? update)
    {
        var projection = new Projection(update?.Paths ?? []);
        return wanted switch
        {
            "ALL_OLD" => before,
            "ALL_NEW" => after,
            "UPDATED_OLD" => before is null ? null : projection.Apply(before),
            "UPDATED_NEW" => after is null ? null : projection.Apply(after),
            _ => null,
        };
    }
}
