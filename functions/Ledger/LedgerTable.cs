using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ledger;

/// <summary>
/// The records of the deployer in one table. A record is one item: its keys, a version and a JSON document. A change
/// reads, decides and writes on the condition that nobody wrote in between, else it decides again.
/// </summary>
public sealed class LedgerTable(IAws aws, Settings settings)
{
    private const int Tries = 20;

    /// <summary>The record, read consistently, or <see langword="null"/>.</summary>
    public async Task<T?> Read<T>(LedgerKey<T> key)
        where T : class
    {
        var item = await Item(key);
        return item is null ? null : Document(item, key.Json);
    }

    /// <summary>All records of a range, in the order of their sort keys.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(LedgerRange<T> range)
        where T : class
    {
        var found = new List<T>();
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await aws.DynamoDB.QueryAsync(
                new QueryRequest
                {
                    TableName = settings.Table,
                    KeyConditionExpression = range.SortPrefix.Length == 0 ? "pk = :pk" : "pk = :pk AND begins_with(sk, :sk)",
                    ExpressionAttributeValues =
                        range.SortPrefix.Length == 0
                            ? new() { [":pk"] = new(range.Partition) }
                            : new() { [":pk"] = new(range.Partition), [":sk"] = new(range.SortPrefix) },
                    ConsistentRead = true,
                    ExclusiveStartKey = start,
                }
            );
            found.AddRange((page.Items ?? []).Select(item => Document(item, range.Json)));
            start = page.LastEvaluatedKey is { Count: > 0 } next ? next : null;
        } while (start is not null);
        return found;
    }

    /// <summary>Changes one record in one conditional write and returns what it is then.</summary>
    /// <param name="key">The record.</param>
    /// <param name="decide">
    /// Gives the new record from the present one; the present one itself for no change. May be called again, and may throw.
    /// </param>
    public async Task<T> Change<T>(LedgerKey<T> key, Func<T?, T> decide)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var item = await Item(key);
            var present = item is null ? null : Document(item, key.Json);
            var wanted = decide(present);
            if (ReferenceEquals(wanted, present))
            {
                return wanted;
            }

            var version = item is null ? 0 : long.Parse(item["version"].N, CultureInfo.InvariantCulture);
            try
            {
                await aws.DynamoDB.PutItemAsync(
                    new PutItemRequest
                    {
                        TableName = settings.Table,
                        Item = new()
                        {
                            ["pk"] = new(key.Partition),
                            ["sk"] = new(key.Sort),
                            ["version"] = new() { N = (version + 1).ToString(CultureInfo.InvariantCulture) },
                            ["document"] = new(JsonSerializer.Serialize(wanted, key.Json)),
                        },
                        ConditionExpression = item is null ? "attribute_not_exists(pk)" : "version = :version",
                        ExpressionAttributeValues = item is null
                            ? null
                            : new() { [":version"] = new() { N = version.ToString(CultureInfo.InvariantCulture) } },
                    }
                );
                return wanted;
            }
            catch (ConditionalCheckFailedException) when (attempt < Tries)
            {
                // Someone else wrote in between: decide again on what is there now.
            }
        }
    }

    /// <summary>Writes a record whatever is there.</summary>
    public Task Put<T>(LedgerKey<T> key, T record)
        where T : class => Change(key, _ => record);

    /// <summary>Removes a record; one that is not there is no error.</summary>
    public Task Delete<T>(LedgerKey<T> key)
        where T : class => aws.DynamoDB.DeleteItemAsync(settings.Table, Attributes(key));

    /// <summary>Removes a record in one conditional write, if it is as expected.</summary>
    /// <param name="key">The record.</param>
    /// <param name="expected">Whether the present record is to be removed. May be called again.</param>
    public async Task Delete<T>(LedgerKey<T> key, Func<T, bool> expected)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await Item(key) is not { } item || !expected(Document(item, key.Json)))
            {
                return;
            }

            try
            {
                await aws.DynamoDB.DeleteItemAsync(
                    new DeleteItemRequest
                    {
                        TableName = settings.Table,
                        Key = Attributes(key),
                        ConditionExpression = "version = :version",
                        ExpressionAttributeValues = new() { [":version"] = item["version"] },
                    }
                );
                return;
            }
            catch (ConditionalCheckFailedException) when (attempt < Tries)
            {
                // Someone else wrote in between: look again.
            }
        }
    }

    private async Task<Dictionary<string, AttributeValue>?> Item<T>(LedgerKey<T> key)
        where T : class
    {
        var answer = await aws.DynamoDB.GetItemAsync(settings.Table, Attributes(key), consistentRead: true);
        return answer.Item is { Count: > 0 } item ? item : null;
    }

    private static Dictionary<string, AttributeValue> Attributes<T>(LedgerKey<T> key)
        where T : class => new() { ["pk"] = new(key.Partition), ["sk"] = new(key.Sort) };

    private static T Document<T>(Dictionary<string, AttributeValue> item, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(item["document"].S, type)
        ?? throw new InvalidOperationException($"the record {item["pk"].S} {item["sk"].S} is empty");
}
