using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.DynamoDB;

/// <summary>DynamoDB over AWS JSON 1.0.</summary>
public sealed class DynamoDBService : IWireService
{
    private const string Target = "DynamoDB_20120810.";
    private readonly RehearsalWorld _world;
    private readonly Dictionary<string, Func<Call, JsonElement, JsonObject>> _operations;

    /// <summary>The tables of this world.</summary>
    public DynamoDBService(RehearsalWorld world)
    {
        _world = world;
        var tables = new Tables(world);
        var items = new Items(world);
        var access = new TableAccess(world, tables);
        var onTables = new TableOperations(access, world, tables, items);
        var onItems = new ItemOperations(access, items);
        var queries = new QueryOperations(access, tables, items);
        var batches = new BatchOperations(access, items);
        var transactions = new TransactionOperations(world, access, items, onItems);
        _operations = new(StringComparer.Ordinal)
        {
            ["CreateTable"] = onTables.CreateTable,
            ["DescribeTable"] = onTables.DescribeTable,
            ["DeleteTable"] = onTables.DeleteTable,
            ["ListTables"] = onTables.ListTables,
            ["DescribeTimeToLive"] = onTables.DescribeTimeToLive,
            ["UpdateTimeToLive"] = onTables.UpdateTimeToLive,
            ["GetItem"] = onItems.GetItem,
            ["PutItem"] = onItems.Write,
            ["UpdateItem"] = onItems.Write,
            ["DeleteItem"] = onItems.Write,
            ["Query"] = queries.Query,
            ["Scan"] = queries.Scan,
            [BatchOperations.Get] = batches.BatchGetItem,
            ["BatchWriteItem"] = batches.BatchWriteItem,
            ["TransactWriteItems"] = transactions.TransactWriteItems,
            ["TransactGetItems"] = transactions.TransactGetItems,
        };
    }

    /// <inheritdoc/>
    public string SigningName => "dynamodb";

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Operations => _operations.Keys;

    /// <summary>Does one operation, from the wire or for another service: judged by the policies and counted.</summary>
    /// <param name="call">Who asks, with the operation.</param>
    /// <param name="request">The request in DynamoDB's JSON.</param>
    /// <returns>The answer in DynamoDB's JSON.</returns>
    /// <exception cref="ApiException">
    /// DynamoDB's error. The values of its members are JSON: <c>Item</c> of a failed condition, <c>CancellationReasons</c> of a
    /// transaction.
    /// </exception>
    public JsonObject Invoke(Call call, JsonElement request)
    {
        if (!_operations.TryGetValue(call.Operation, out var operation))
        {
            throw new ApiException(
                "UnknownOperationException",
                $"The rehearsal does not simulate the operation {call.Operation} of DynamoDB."
            );
        }

        RequestShapes.Ensure(request);
        _world.Api.Authorize(call, []);
        return MayBeBehind() ? EventualReads.Answer(call, () => operation(call, request)) : operation(call, request);

        // BatchGetItem says for each table whether it reads consistently, and answers as each asks for.
        bool MayBeBehind() =>
            call.Operation != BatchOperations.Get
            && !(request.TryGetProperty("ConsistentRead", out var value) && value.ValueKind == JsonValueKind.True);
    }

    /// <inheritdoc/>
    public WireResponse Handle(Call call, WireRequest request)
    {
        try
        {
            var target = request.Header("X-Amz-Target") ?? "";
            var operation = target.StartsWith(Target, StringComparison.Ordinal) ? target[Target.Length..] : target;
            return Answer(200, Invoke(call with { Operation = operation }, Parse(request.Body)), call);
        }
        catch (ApiException error)
        {
            var body = new JsonObject { ["__type"] = $"{Namespace(error.Code)}#{error.Code}", ["message"] = error.Message };
            foreach (var (name, json) in error.Members ?? new Dictionary<string, string>(StringComparer.Ordinal))
            {
                body[name] = JsonNode.Parse(json);
            }

            return Answer(error.Status == 403 ? 400 : error.Status, body, call);
        }
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var request = JsonElement.Parse(body.Span);
            Decode(request);
            return request;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new ApiException("SerializationException", "The request body is not JSON.");
        }
    }

    /// <summary>Takes every text once, since a document is parsed without looking into its texts.</summary>
    /// <exception cref="InvalidOperationException">One has bytes, or halves of characters, that are none.</exception>
    private static void Decode(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                _ = json.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    Decode(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    _ = member.Name;
                    Decode(member.Value);
                }

                break;
        }
    }

    private static string Namespace(string code) =>
        code switch
        {
            "ValidationException" => "com.amazon.coral.validate",
            "AccessDeniedException" or "UnknownOperationException" or "SerializationException" => "com.amazon.coral.service",
            _ => "com.amazonaws.dynamodb.v20120810",
        };

    private static WireResponse Answer(int status, JsonObject body, Call call) =>
        new(
            status,
            new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
            {
                ["Content-Type"] = "application/x-amz-json-1.0",
                ["x-amzn-RequestId"] = call.RequestId,
            },
            Encoding.UTF8.GetBytes(body.ToJsonString())
        );
}
