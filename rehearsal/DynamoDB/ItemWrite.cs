using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>A change of one item under a condition: one request, or one part of a transaction.</summary>
internal sealed record ItemWrite(
    TableName Table,
    string Action,
    MapValue KeyOrItem,
    Condition? Condition,
    UpdateExpression? Update,
    bool ShowOnFailure
)
{
    private static readonly string[] Common =
    [
        "TableName",
        "ConditionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "ReturnValuesOnConditionCheckFailure",
        "ReturnValues",
        "ReturnConsumedCapacity",
        "ReturnItemCollectionMetrics",
    ];

    /// <summary>Reads a PutItem, UpdateItem, DeleteItem or ConditionCheckItem.</summary>
    public static (ItemWrite Write, DynamoRequest Request) Read(Call call, string action, System.Text.Json.JsonElement element)
    {
        var request = new DynamoRequest(
            element,
            [.. Common, action == "PutItem" ? "Item" : "Key", .. action == "UpdateItem" ? ["UpdateExpression"] : Array.Empty<string>()]
        );
        var write = new ItemWrite(
            TableName.Resolve(call, request.RequiredText("TableName")),
            action,
            request.RequiredItem(action == "PutItem" ? "Item" : "Key"),
            request.Condition(ExpressionKind.ConditionExpression),
            request.Update(),
            request.Choice("ReturnValuesOnConditionCheckFailure", "NONE") == "ALL_OLD"
        );
        request.EnsurePlaceholdersUsed();
        return (write, request);
    }

    /// <summary>Refuses what does not fit the table, whatever the item is now.</summary>
    /// <exception cref="ApiException">ValidationException.</exception>
    public void Ensure(TableDefinition table)
    {
        if (Action == "PutItem")
        {
            Items.EnsureItem(table, KeyOrItem, "Item size has exceeded the maximum allowed size");
        }
        else
        {
            Items.EnsureKey(table, KeyOrItem);
        }

        if (Update?.Paths.FirstOrDefault(path => table.Key.Any(key => key.Name == path.Root)) is { } path)
        {
            throw DynamoDBError.InvalidValue($"Cannot update attribute {path.Root}. This attribute is part of the key");
        }
    }

    /// <summary>The item after the write; null when there is none.</summary>
    /// <exception cref="ApiException">ConditionalCheckFailedException, ValidationException.</exception>
    public MapValue? After(TableDefinition table, MapValue? before)
    {
        if (Condition is not null && !Condition.Holds(before ?? MapValue.Empty))
        {
            throw DynamoDBError.ConditionFailed(ShowOnFailure ? before : null);
        }

        switch (Action)
        {
            case "PutItem":
                return KeyOrItem;
            case "DeleteItem":
                return null;
            case "ConditionCheck":
                return before;
            default:
                var start = before ?? KeyOrItem;
                var after = Update?.Apply(start) ?? start;
                Items.EnsureItem(table, after, "Item size to update has exceeded the maximum allowed size");
                return after;
        }
    }
}
