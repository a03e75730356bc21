using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>A token that a transaction was made with; it is remembered for ten minutes.</summary>
internal sealed record TransactionToken(string RequestDigest, DateTimeOffset Expires);

/// <summary>
/// TransactWriteItems and TransactGetItems: all or nothing.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html.
/// </summary>
internal sealed class TransactionOperations(RehearsalWorld world, TableAccess access, Items items, ItemOperations operations)
{
    private const int MaxParts = 100;
    private readonly Table<TransactionToken> _tokens = world.Store.Table<TransactionToken>("dynamodb/transaction-tokens");

    public JsonObject TransactWriteItems(Call call, JsonElement element)
    {
        var request = new DynamoRequest(
            element,
            "TransactItems",
            "ClientRequestToken",
            "ReturnConsumedCapacity",
            "ReturnItemCollectionMetrics"
        );
        var parts = Parts(request).Select(part => Read(call, part)).ToArray();
        var opened = parts.Select(part => (Table: Open(call, part), Write: part)).ToArray();
        var token = request.Text("ClientRequestToken") is { } given ? (string)RegionalKey.Create(call.Account, call.Region, given) : null;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(element.GetRawText())));
        if (token is not null && IsRepeated(token, digest))
        {
            return [];
        }

        foreach (var (table, write) in opened)
        {
            write.Ensure(table);
        }

        EnsureDistinct(opened.Select(part => Items.StoreKey(part.Table, part.Write.KeyOrItem)));
        var after = new List<MapValue?>();
        var reasons = new JsonArray();
        foreach (var (table, write) in opened)
        {
            try
            {
                after.Add(write.After(table, items.Get(table, write.KeyOrItem)));
                reasons.Add(new JsonObject { ["Code"] = "None" });
            }
            catch (ApiException refused)
            {
                reasons.Add(Reason(refused));
            }
        }

        if (after.Count < opened.Length)
        {
            throw Cancelled(reasons);
        }

        foreach (var ((table, write), item) in opened.Zip(after))
        {
            operations.Store(table, write, item);
        }

        if (token is not null)
        {
            _tokens.Put(token, new TransactionToken(digest, world.Now.AddMinutes(10)));
        }

        return [];
    }

    public JsonObject TransactGetItems(Call call, JsonElement element)
    {
        var responses = new JsonArray();
        var seen = new List<string>();
        foreach (var part in Parts(new DynamoRequest(element, "TransactItems", "ReturnConsumedCapacity")))
        {
            var get = new DynamoRequest(
                new DynamoRequest(part, "Get").Required("Get"),
                "TableName",
                "Key",
                "ProjectionExpression",
                "ExpressionAttributeNames"
            );
            var key = get.RequiredItem("Key");
            var projection = get.Projection();
            get.EnsurePlaceholdersUsed();
            var table = access.Open(call, TableName.Resolve(call, get.RequiredText("TableName")), "GetItem", [key]);
            Items.EnsureKey(table, key);
            seen.Add(Items.StoreKey(table, key));
            var item = items.Get(table, key);
            responses.Add(
                item is null ? new JsonObject() : new JsonObject { ["Item"] = ItemOperations.Json(projection?.Apply(item) ?? item) }
            );
        }

        EnsureDistinct(seen);
        return new JsonObject { ["Responses"] = responses };
    }

    private static JsonElement[] Parts(DynamoRequest request)
    {
        JsonElement[] parts = [.. request.Required("TransactItems").EnumerateArray()];
        return parts.Length is > 0 and <= MaxParts
            ? parts
            : throw DynamoDBError.Validation(
                "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length "
                    + $"{(parts.Length == 0 ? "greater than or equal to 1" : $"less than or equal to {MaxParts}")}"
            );
    }

    private static ItemWrite Read(Call call, JsonElement part)
    {
        var members = part.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).ToArray();
        if (members.Length != 1)
        {
            throw DynamoDBError.Validation("TransactItems can only contain one of Check, Put, Update or Delete");
        }

        var action = members[0].Name switch
        {
            "Put" => "PutItem",
            "Update" => "UpdateItem",
            "Delete" => "DeleteItem",
            "ConditionCheck" => "ConditionCheck",
            var unknown => throw DynamoDBError.NotSimulated($"the parameter {unknown}"),
        };
        return ItemWrite.Read(call, action, members[0].Value).Write;
    }

    private TableDefinition Open(Call call, ItemWrite part) =>
        access.Open(call, part.Table, part.Action == "ConditionCheck" ? "ConditionCheckItem" : part.Action, [part.KeyOrItem]);

    private static void EnsureDistinct(IEnumerable<string> keys)
    {
        var all = keys.ToArray();
        if (all.Distinct(StringComparer.Ordinal).Count() < all.Length)
        {
            throw DynamoDBError.Validation("Transaction request cannot include multiple operations on one item");
        }
    }

    private static JsonObject Reason(ApiException refused)
    {
        var reason = new JsonObject
        {
            ["Code"] = refused.Code == "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError",
            ["Message"] = refused.Message,
        };
        if (refused.Members?.GetValueOrDefault("Item") is { } item)
        {
            reason["Item"] = JsonNode.Parse(item);
        }

        return reason;
    }

    private static ApiException Cancelled(JsonArray reasons) =>
        new(
            "TransactionCanceledException",
            "Transaction cancelled, please refer cancellation reasons for specific reasons "
                + $"[{string.Join(", ", reasons.Select(reason => (string?)reason!["Code"]))}]"
        )
        {
            Members = new Dictionary<string, string>(StringComparer.Ordinal) { ["CancellationReasons"] = reasons.ToJsonString() },
        };

    // A refused request has not used its token up.
    private bool IsRepeated(string token, string digest)
    {
        if (_tokens.Get(token) is not { } known || known.Expires <= world.Now)
        {
            return false;
        }

        return known.RequestDigest == digest
            ? true
            : throw new ApiException(
                "IdempotentParameterMismatchException",
                "The request uses the same client token as a previous, but non-identical request."
            );
    }
}
