using System.Text.Json;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>
/// The JSON that each member of a request has, whatever its operation: DynamoDB refuses another one before anything else. A name means the
/// same in every operation (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations.html).
/// </summary>
internal static class RequestShapes
{
    private const string Tables = "RequestItems";

    private delegate void Check(string path, JsonElement value);

    private static readonly Dictionary<string, Check> Members = Shapes();

    // What the operations that read them demand of the parts of a request.
    private static readonly Dictionary<string, string[]> RequiredParts = new(StringComparer.Ordinal)
    {
        ["AttributeDefinitions"] = ["AttributeName", "AttributeType"],
        ["KeySchema"] = ["AttributeName", "KeyType"],
    };

    /// <summary>Checks a whole request.</summary>
    /// <exception cref="ApiException">
    /// SerializationException: a value has another type. ValidationException: a part of a request lacks what it must have.
    /// </exception>
    public static void Ensure(JsonElement request) => Structure(string.Empty, request);

    private static Dictionary<string, Check> Shapes()
    {
        var shapes = new Dictionary<string, Check>(StringComparer.Ordinal)
        {
            ["Limit"] = Number,
            [Tables] = (path, value) => Map(path, value, Requests),
            ["ExpressionAttributeNames"] = (path, value) => Map(path, value, Text),
            ["NonKeyAttributes"] = (path, value) => List(path, value, Text),
            ["Keys"] = (path, value) => List(path, value, Item),
        };
        Add(
            Text,
            [
                "TableName",
                "IndexName",
                "ClientRequestToken",
                "ConditionExpression",
                "FilterExpression",
                "KeyConditionExpression",
                "ProjectionExpression",
                "UpdateExpression",
                "ReturnConsumedCapacity",
                "ReturnItemCollectionMetrics",
                "ReturnValues",
                "ReturnValuesOnConditionCheckFailure",
                "Select",
                "BillingMode",
                "AttributeName",
                "AttributeType",
                "KeyType",
                "ProjectionType",
                "ExclusiveStartTableName",
            ]
        );
        Add(Flag, ["ConsistentRead", "ScanIndexForward", "DeletionProtectionEnabled", "Enabled"]);
        Add(Item, ["Key", "Item", "ExclusiveStartKey", "ExpressionAttributeValues"]);
        Add(
            Structure,
            ["Projection", "TimeToLiveSpecification", "Get", "Put", "Update", "Delete", "ConditionCheck", "PutRequest", "DeleteRequest"]
        );
        Add(
            (path, value) => List(path, value, Structure),
            ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "TransactItems"]
        );
        return shapes;

        void Add(Check check, string[] names)
        {
            foreach (var name in names)
            {
                shapes.Add(name, check);
            }
        }
    }

    private static void Structure(string path, JsonElement value)
    {
        Expect(value.ValueKind == JsonValueKind.Object, path, "a structure");
        foreach (var member in value.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            // Who reads the structure refuses names that are unknown to it.
            if (Members.TryGetValue(member.Name, out var check))
            {
                check(path.Length == 0 ? member.Name : $"{path}.{member.Name}", member.Value);
            }
        }

        // A table may have any of these names.
        var list = path.StartsWith($"{Tables}.", StringComparison.Ordinal)
            ? string.Empty
            : path[(path.LastIndexOf('.') + 1)..].Split('[')[0];
        foreach (var required in RequiredParts.GetValueOrDefault(list, []))
        {
            if (!value.TryGetProperty(required, out var given) || given.ValueKind == JsonValueKind.Null)
            {
                throw Missing($"{path}.{required}");
            }
        }
    }

    /// <summary>What is asked of one table: keys to read, or a list of writes.</summary>
    private static void Requests(string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            List(path, value, Structure);
            return;
        }

        Structure(path, value);
        if (!value.TryGetProperty("Keys", out var keys) || keys.ValueKind == JsonValueKind.Null)
        {
            throw Missing($"{path}.Keys");
        }
    }

    /// <summary>Attributes by their names, whose values are judged where they are read.</summary>
    private static void Item(string path, JsonElement value) => Expect(value.ValueKind == JsonValueKind.Object, path, "a map");

    private static void Map(string path, JsonElement value, Check check)
    {
        Expect(value.ValueKind == JsonValueKind.Object, path, "a map");
        foreach (var entry in value.EnumerateObject())
        {
            check($"{path}.{entry.Name}", entry.Value);
        }
    }

    private static void List(string path, JsonElement value, Check check)
    {
        Expect(value.ValueKind == JsonValueKind.Array, path, "a list");
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            check($"{path}[{index++}]", item);
        }
    }

    private static void Text(string path, JsonElement value) => Expect(value.ValueKind == JsonValueKind.String, path, "a string");

    private static void Flag(string path, JsonElement value) =>
        Expect(value.ValueKind is JsonValueKind.True or JsonValueKind.False, path, "a boolean");

    private static void Number(string path, JsonElement value) =>
        Expect(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out _), path, "an integer");

    private static void Expect(bool holds, string path, string expected)
    {
        if (!holds)
        {
            throw new ApiException(
                "SerializationException",
                path.Length == 0
                    ? "Start of structure or map found where not expected."
                    : $"Unexpected field type: {path} is not {expected}."
            );
        }
    }

    private static ApiException Missing(string path) =>
        DynamoDBError.Validation(
            $"1 validation error detected: Value null at '{path}' failed to satisfy constraint: Member must not be null"
        );
}
