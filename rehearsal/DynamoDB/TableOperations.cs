using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>CreateTable, DescribeTable, DeleteTable, ListTables and time to live.</summary>
internal sealed class TableOperations(TableAccess access, RehearsalWorld world, Tables tables, Items items)
{
    public JsonObject CreateTable(Call call, JsonElement element)
    {
        var request = new DynamoRequest(
            element,
            "TableName",
            "AttributeDefinitions",
            "KeySchema",
            "BillingMode",
            "GlobalSecondaryIndexes",
            "DeletionProtectionEnabled"
        );
        var name = TableName.Resolve(call, request.RequiredText("TableName"));
        world.Api.Check(call, [name.Arn], "dynamodb:CreateTable", owner: name.Account);
        if (request.Choice("BillingMode", "PROVISIONED") != "PAY_PER_REQUEST")
        {
            throw DynamoDBError.NotSimulated("tables of provisioned throughput: BillingMode must be PAY_PER_REQUEST");
        }

        var types = request
            .Required("AttributeDefinitions")
            .EnumerateArray()
            .ToDictionary(
                definition => definition.GetProperty("AttributeName").GetString()!,
                definition => definition.GetProperty("AttributeType").GetString()!,
                StringComparer.Ordinal
            );
        var used = new HashSet<string>(StringComparer.Ordinal);
        var (partitionKey, sortKey) = Key(request.Required("KeySchema"), types, used);
        IndexDefinition[] indexes = request.Element("GlobalSecondaryIndexes") is { } given
            ? [.. given.EnumerateArray().Select(index => Index(index, types, used))]
            : [];
        if (used.Count < types.Count)
        {
            throw DynamoDBError.InvalidValue(
                $"Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
            );
        }

        return new JsonObject
        {
            ["TableDescription"] = Describe(
                tables.Create(
                    new TableDefinition
                    {
                        Name = name,
                        PartitionKey = partitionKey,
                        SortKey = sortKey,
                        Indexes = indexes,
                        DeletionProtection = request.Flag("DeletionProtectionEnabled"),
                    }
                ),
                "ACTIVE"
            ),
        };
    }

    public JsonObject DescribeTable(Call call, JsonElement element) =>
        new() { ["Table"] = Describe(Open(call, new DynamoRequest(element, "TableName")), "ACTIVE") };

    public JsonObject DeleteTable(Call call, JsonElement element)
    {
        var table = Open(call, new DynamoRequest(element, "TableName"));
        var description = Describe(table, "DELETING");
        tables.Delete(table.Name);
        return new JsonObject { ["TableDescription"] = description };
    }

    public JsonObject ListTables(Call call, JsonElement element)
    {
        var request = new DynamoRequest(element, "ExclusiveStartTableName", "Limit");
        world.Api.Check(call, ["*"], "dynamodb:ListTables");
        var rest = tables
            .Names(call.Account, call.Region)
            .Where(name => string.CompareOrdinal(name, request.Text("ExclusiveStartTableName") ?? "") > 0)
            .ToArray();
        var page = rest.Take(request.Count("Limit") ?? 100).ToArray();
        var answer = new JsonObject { ["TableNames"] = new JsonArray([.. page.Select(name => JsonValue.Create(name))]) };
        if (page.Length < rest.Length)
        {
            answer["LastEvaluatedTableName"] = page[^1];
        }

        return answer;
    }

    public JsonObject DescribeTimeToLive(Call call, JsonElement element) =>
        new() { ["TimeToLiveDescription"] = TimeToLive(Open(call, new DynamoRequest(element, "TableName")).TimeToLive) };

    public JsonObject UpdateTimeToLive(Call call, JsonElement element)
    {
        var request = new DynamoRequest(element, "TableName", "TimeToLiveSpecification");
        var specification = new DynamoRequest(request.Required("TimeToLiveSpecification"), "AttributeName", "Enabled");
        var (attribute, enabled) = (specification.RequiredText("AttributeName"), specification.Required("Enabled").GetBoolean());
        var table = Open(call, request);
        if (enabled == table.TimeToLive is not null)
        {
            throw DynamoDBError.Validation($"TimeToLive is already {(enabled ? "enabled" : "disabled")}");
        }

        tables.Update(table with { TimeToLive = enabled ? attribute : null });
        return new JsonObject
        {
            ["TimeToLiveSpecification"] = new JsonObject { ["AttributeName"] = attribute, ["Enabled"] = enabled },
        };
    }

    private static JsonObject TimeToLive(string? attribute) =>
        attribute is null
            ? new JsonObject { ["TimeToLiveStatus"] = "DISABLED" }
            : new JsonObject { ["TimeToLiveStatus"] = "ENABLED", ["AttributeName"] = attribute };

    private static (KeyAttribute PartitionKey, KeyAttribute? SortKey) Key(
        JsonElement schema,
        Dictionary<string, string> types,
        HashSet<string> used
    )
    {
        KeyAttribute? Part(string keyType)
        {
            var part = schema.EnumerateArray().FirstOrDefault(part => part.GetProperty("KeyType").GetString() == keyType);
            if (part.ValueKind == JsonValueKind.Undefined)
            {
                return null;
            }

            var name = part.GetProperty("AttributeName").GetString()!;
            used.Add(name);
            return types.TryGetValue(name, out var type)
                ? new KeyAttribute(name, type)
                : throw DynamoDBError.InvalidValue(
                    $"Some index key attributes are not defined in AttributeDefinitions. Keys: [{name}], AttributeDefinitions: "
                        + $"[{string.Join(", ", types.Keys)}]"
                );
        }

        return (
            Part("HASH") ?? throw DynamoDBError.InvalidValue("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
            Part("RANGE")
        );
    }

    private static IndexDefinition Index(JsonElement element, Dictionary<string, string> types, HashSet<string> used)
    {
        var request = new DynamoRequest(element, "IndexName", "KeySchema", "Projection");
        var (partitionKey, sortKey) = Key(request.Required("KeySchema"), types, used);
        var projection = new DynamoRequest(request.Required("Projection"), "ProjectionType", "NonKeyAttributes");
        return new IndexDefinition(
            request.RequiredText("IndexName"),
            partitionKey,
            sortKey,
            projection.RequiredText("ProjectionType"),
            projection.Element("NonKeyAttributes") is { } names ? [.. names.EnumerateArray().Select(name => name.GetString()!)] : []
        );
    }

    private static JsonArray KeySchema(KeyAttribute partitionKey, KeyAttribute? sortKey)
    {
        var schema = new JsonArray(new JsonObject { ["AttributeName"] = partitionKey.Name, ["KeyType"] = "HASH" });
        if (sortKey is not null)
        {
            schema.Add(new JsonObject { ["AttributeName"] = sortKey.Name, ["KeyType"] = "RANGE" });
        }

        return schema;
    }

    private TableDefinition Open(Call call, DynamoRequest request) =>
        access.Open(call, TableName.Resolve(call, request.RequiredText("TableName")), call.Operation, []);

    private JsonObject Describe(TableDefinition table, string status)
    {
        var all = items.All(table).ToArray();
        var description = new JsonObject
        {
            ["TableName"] = table.Name.Name,
            ["TableArn"] = table.Name.Arn,
            ["TableId"] = table.Id,
            ["TableStatus"] = status,
            ["CreationDateTime"] = table.Created.ToUnixTimeMilliseconds() / 1000.0,
            ["AttributeDefinitions"] = new JsonArray([
                .. table
                    .Key.Concat(table.Indexes.SelectMany(index => new[] { index.PartitionKey, index.SortKey }).OfType<KeyAttribute>())
                    .Distinct()
                    .Select(key => new JsonObject { ["AttributeName"] = key.Name, ["AttributeType"] = key.Type }),
            ]),
            ["KeySchema"] = KeySchema(table.PartitionKey, table.SortKey),
            ["BillingModeSummary"] = new JsonObject { ["BillingMode"] = "PAY_PER_REQUEST" },
            ["ProvisionedThroughput"] = new JsonObject
            {
                ["NumberOfDecreasesToday"] = 0,
                ["ReadCapacityUnits"] = 0,
                ["WriteCapacityUnits"] = 0,
            },
            ["ItemCount"] = all.Length,
            ["TableSizeBytes"] = all.Sum(item => item.ItemSize),
            ["DeletionProtectionEnabled"] = table.DeletionProtection,
        };
        if (table.Indexes.Count > 0)
        {
            description["GlobalSecondaryIndexes"] = new JsonArray([.. table.Indexes.Select(index => Describe(table, index, status))]);
        }

        return description;
    }

    private static JsonObject Describe(TableDefinition table, IndexDefinition index, string status)
    {
        var projection = new JsonObject { ["ProjectionType"] = index.Projection };
        if (index.NonKeyAttributes.Count > 0)
        {
            projection["NonKeyAttributes"] = new JsonArray([.. index.NonKeyAttributes.Select(name => JsonValue.Create(name))]);
        }

        return new JsonObject
        {
            ["IndexName"] = index.Name,
            ["IndexArn"] = $"{table.Name.Arn}/index/{index.Name}",
            ["IndexStatus"] = status,
            ["KeySchema"] = KeySchema(index.PartitionKey, index.SortKey),
            ["Projection"] = projection,
        };
    }
}
