using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>
/// Asks for the permission that a request needs on a table.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html.
/// </summary>
internal sealed class TableAccess(RehearsalWorld world, Tables tables)
{
    /// <summary>The table, once the caller may do the action with these partition keys.</summary>
    /// <param name="call">Who asks.</param>
    /// <param name="name">The table.</param>
    /// <param name="action">Without the prefix, such as <c>GetItem</c>.</param>
    /// <param name="items">Items or keys whose partition keys are <c>dynamodb:LeadingKeys</c>: each of them must be allowed, as
    /// ForAllValues demands.</param>
    /// <param name="index">The index that is read, when one is.</param>
    /// <exception cref="ApiException">AccessDeniedException, ResourceNotFoundException.</exception>
    public TableDefinition Open(Call call, TableName name, string action, IEnumerable<MapValue> items, string? index = null)
    {
        var arn = index is null ? name.Arn : $"{name.Arn}/index/{index}";
        var table = tables.Find(name);
        var partitionKey = index is null ? table?.PartitionKey : table?.Indexes.FirstOrDefault(one => one.Name == index)?.PartitionKey;
        var leading = partitionKey is null
            ? []
            : items
                .Select(item => item[partitionKey.Name])
                .OfType<AttributeValue>()
                .Select(Text)
                .Distinct(StringComparer.Ordinal)
                .ToArray();
        foreach (var key in leading)
        {
            Check(call, name, arn, action, new Dictionary<string, string>(StringComparer.Ordinal) { ["dynamodb:LeadingKeys"] = key });
        }

        if (leading.Length == 0)
        {
            Check(call, name, arn, action, keys: null);
        }

        return table ?? throw DynamoDBError.NoTable();
    }

    private void Check(Call call, TableName name, string arn, string action, Dictionary<string, string>? keys) =>
        world.Api.Check(call, [arn], $"dynamodb:{action}", conditionKeys: keys, owner: name.Account);

    private static string Text(AttributeValue value) =>
        value switch
        {
            StringValue text => text.Text,
            NumberValue number => number.Number.ToString(),
            BinaryValue binary => Convert.ToBase64String(binary.Bytes),
            _ => "",
        };
}
