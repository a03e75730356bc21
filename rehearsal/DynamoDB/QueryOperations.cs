using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.DynamoDB.Expressions;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>Query and Scan: a page of items in order, at most one megabyte of them.</summary>
internal sealed class QueryOperations(TableAccess access, Tables tables, Items items)
{
    private const int PageSize = 1024 * 1024;

    private static readonly string[] Common =
    [
        "TableName",
        "IndexName",
        "FilterExpression",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
        "Limit",
        "ExclusiveStartKey",
        "ConsistentRead",
        "Select",
        "ReturnConsumedCapacity",
    ];

    public JsonObject Query(Call call, JsonElement element)
    {
        var request = new DynamoRequest(element, [.. Common, "KeyConditionExpression", "ScanIndexForward"]);
        var name = TableName.Resolve(call, request.RequiredText("TableName"));
        var indexName = request.Text("IndexName");

        // Which partition is asked for is known only with the table; without one, opening it gives the right refusal.
        var known = tables.Find(name) ?? access.Open(call, name, "Query", [], indexName);
        var index = Index(known, indexName, request);
        var (partitionKey, sortKey) = index is null ? (known.PartitionKey, known.SortKey) : (index.PartitionKey, index.SortKey);
        var condition = request.KeyCondition(partitionKey.Name, sortKey?.Name);
        var table = access.Open(call, name, "Query", [MapValue.Empty.With(partitionKey.Name, condition.PartitionKey)], indexName);
        var keyNames = new[] { partitionKey.Name, sortKey?.Name };
        var filter = request.Condition(ExpressionKind.FilterExpression);
        if (
            filter
                ?.Parts.SelectMany(part => part.Operands)
                .OfType<PathOperand>()
                .FirstOrDefault(path => keyNames.Contains(path.Path.Root, StringComparer.Ordinal)) is
            { } key
        )
        {
            throw DynamoDBError.Validation(
                $"Filter Expression can only contain non-primary key attributes: Primary key attribute: {key.Path.Root}"
            );
        }

        if (condition.PartitionKey.Type != partitionKey.Type)
        {
            throw DynamoDBError.InvalidValue("Condition parameter type does not match schema type");
        }

        var partition = (
            index is null ? items.All(table, condition.PartitionKey) : items.All(table).Where(item => IsIn(index, item))
        ).Where(item => condition.PartitionKey.Equals(item[partitionKey.Name]) && condition.SortKey?.Holds(item) != false);
        return Page(request, table, index, filter, partition, sortKey, forward: request.Flag("ScanIndexForward", otherwise: true));
    }

    public JsonObject Scan(Call call, JsonElement element)
    {
        var request = new DynamoRequest(element, Common);
        var table = access.Open(call, TableName.Resolve(call, request.RequiredText("TableName")), "Scan", [], request.Text("IndexName"));
        var index = Index(table, request.Text("IndexName"), request);
        var filter = request.Condition(ExpressionKind.FilterExpression);
        return Page(
            request,
            table,
            index,
            filter,
            items.All(table).Where(item => index is null || IsIn(index, item)),
            sortKey: null,
            forward: true
        );
    }

    private static IndexDefinition? Index(TableDefinition table, string? name, DynamoRequest request)
    {
        if (name is null)
        {
            return null;
        }

        var index =
            table.Indexes.FirstOrDefault(index => index.Name == name)
            ?? throw DynamoDBError.Validation($"The table does not have the specified index: {name}");
        return request.Flag("ConsistentRead")
            ? throw DynamoDBError.Validation("Consistent reads are not supported on global secondary indexes")
            : index;
    }

    private static bool IsIn(IndexDefinition index, MapValue item) => index.Key.All(key => item[key.Name] is not null);

    private static JsonObject Page(
        DynamoRequest request,
        TableDefinition table,
        IndexDefinition? index,
        Condition? filter,
        IEnumerable<MapValue> found,
        KeyAttribute? sortKey,
        bool forward
    )
    {
        var projection = request.Projection();
        request.EnsurePlaceholdersUsed();
        var select = request.Choice(
            "Select",
            projection is not null ? "SPECIFIC_ATTRIBUTES"
                : index is null ? "ALL_ATTRIBUTES"
                : "ALL_PROJECTED_ATTRIBUTES"
        );
        if (select == "SPECIFIC_ATTRIBUTES" != projection is not null)
        {
            throw DynamoDBError.Validation(
                projection is null
                    ? "SPECIFIC_ATTRIBUTES requires a ProjectionExpression"
                    : $"Cannot specify the ProjectionExpression when choosing to get {select}"
            );
        }

        if (select == "ALL_ATTRIBUTES" && index is { Projection: not "ALL" })
        {
            throw DynamoDBError.InvalidValue(
                $"Select type ALL_ATTRIBUTES is not supported for global secondary index {index.Name} because its projection type is "
                    + "not ALL"
            );
        }

        var order = Comparer<MapValue>.Create((left, right) => (forward ? 1 : -1) * Compare(left, right));
        var rest = found.Order(order).ToArray();
        var keyNames = table.Key.Concat(index?.Key ?? []).Select(key => key.Name).Distinct().ToArray();
        if (request.Item("ExclusiveStartKey") is { } start)
        {
            if (start.Attributes.Count != keyNames.Length || keyNames.Any(name => start[name] is null))
            {
                throw DynamoDBError.Validation("The provided starting key is invalid");
            }

            rest = [.. rest.SkipWhile(item => order.Compare(item, start) <= 0)];
        }

        var limit = request.Count("Limit") ?? int.MaxValue;
        var shown = new JsonArray();
        var (count, scanned, size) = (0, 0, 0);
        MapValue? last = null;
        foreach (var item in rest)
        {
            last = item;
            scanned++;
            size += item.ItemSize;
            var projected = index is null ? item : Projected(table, index, item);
            if (filter?.Holds(projected) != false)
            {
                count++;
                if (select != "COUNT")
                {
                    shown.Add(ItemOperations.Json(projection?.Apply(projected) ?? projected));
                }
            }

            if (scanned == limit || size >= PageSize)
            {
                break;
            }
        }

        var answer = new JsonObject { ["Count"] = count, ["ScannedCount"] = scanned };
        if (select != "COUNT")
        {
            answer["Items"] = shown;
        }

        // A page that ends at its limit says where, even when nothing follows.
        if (last is not null && (scanned == limit || (size >= PageSize && scanned < rest.Length)))
        {
            answer["LastEvaluatedKey"] = ItemOperations.Json(last.Only(keyNames));
        }

        return answer;

        int Compare(MapValue left, MapValue right)
        {
            var bySortKey = sortKey is null ? 0 : ValueOrder.Compare(left[sortKey.Name]!, right[sortKey.Name]!) ?? 0;
            return bySortKey != 0 ? bySortKey : string.CompareOrdinal(Items.StoreKey(table, left), Items.StoreKey(table, right));
        }
    }

    private static MapValue Projected(TableDefinition table, IndexDefinition index, MapValue item) =>
        index.Projection == "ALL" ? item : item.Only(table.Key.Concat(index.Key).Select(key => key.Name).Concat(index.NonKeyAttributes));
}
