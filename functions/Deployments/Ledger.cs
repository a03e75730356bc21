using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Deployments;

/// <summary>Where a record lies in the table.</summary>
public readonly record struct LedgerKey(string Partition, string Sort);

/// <summary>
/// The records of the deployer in one table. A record is one item: its keys, a version and a JSON document. A change
/// reads, decides and writes on the condition that nobody wrote in between, else it decides again.
/// </summary>
public sealed class Ledger(IAws aws, Settings settings)
{
    private const int Tries = 20;

    /// <summary>Where a deployment's record lies.</summary>
    public static LedgerKey DeploymentKey(string deployment) => new($"DEPLOYMENT#{deployment}", "RECORD");

    /// <summary>Where a step's record lies.</summary>
    public static LedgerKey StepKey(string deployment, string step) => new($"DEPLOYMENT#{deployment}", $"STEP#{step}");

    /// <summary>Where what a step would do lies.</summary>
    public static LedgerKey PlanKey(string plan, string step) => new($"DEPLOYMENT#{plan}", $"PLAN#{step}");

    /// <summary>Where the lock of a service's target lies.</summary>
    public static LedgerKey LockKey(string service, string target) => new($"TARGET#{service}#{target}", "LOCK");

    /// <summary>Where what a step last released lies.</summary>
    public static LedgerKey ReleasedKey(string service, string target, string step) => new($"TARGET#{service}#{target}", $"STEP#{step}");

    /// <summary>Where a revision that was pushed lies.</summary>
    public static LedgerKey RevisionKey(string service, string step, string name, string target) =>
        new($"REVISIONS#{service}", $"{step}#{name}#{target}");

    /// <summary>Where the capacity lies that a compute group had before it was turned off.</summary>
    public static LedgerKey CapacityKey(string service, string target, string stack) =>
        new($"TARGET#{service}#{target}", $"CAPACITY#{stack}");

    /// <summary>Where a token that waits for a resource lies.</summary>
    public static LedgerKey WaitKey(string resource, string deployment, string step) => new($"WAIT#{resource}", $"{deployment}#{step}");

    /// <summary>Where an open deployment is listed.</summary>
    public static LedgerKey OpenKey(string deployment) => new("OPEN", deployment);

    /// <summary>Where a development instance is listed.</summary>
    public static LedgerKey InstanceKey(string service, string target) => new("INSTANCES", $"{service}#{target}");

    /// <summary>The record, read consistently, or <see langword="null"/>.</summary>
    public async Task<T?> Read<T>(LedgerKey key, JsonTypeInfo<T> type)
        where T : class
    {
        var item = await Item(key);
        return item is null ? null : Document(item, type);
    }

    /// <summary>What the steps of a service last released on a target.</summary>
    public Task<IReadOnlyList<ReleasedStep>> Released(string service, string target)
    {
        var key = ReleasedKey(service, target, string.Empty);
        return Query(key.Partition, key.Sort, Documents.Default.ReleasedStep);
    }

    /// <summary>All records of a partition whose sort key begins with <paramref name="sortPrefix"/>.</summary>
    public async Task<IReadOnlyList<T>> Query<T>(string partition, string sortPrefix, JsonTypeInfo<T> type)
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
                    KeyConditionExpression = sortPrefix.Length == 0 ? "pk = :pk" : "pk = :pk AND begins_with(sk, :sk)",
                    ExpressionAttributeValues =
                        sortPrefix.Length == 0
                            ? new() { [":pk"] = new(partition) }
                            : new() { [":pk"] = new(partition), [":sk"] = new(sortPrefix) },
                    ConsistentRead = true,
                    ExclusiveStartKey = start,
                }
            );
            found.AddRange((page.Items ?? []).Select(item => Document(item, type)));
            start = page.LastEvaluatedKey is { Count: > 0 } next ? next : null;
        } while (start is not null);
        return found;
    }

    /// <summary>Changes one record in one conditional write and returns what it is then.</summary>
    /// <param name="key">The record.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="decide">
    /// Gives the new record from the present one; the present one itself for no change. May be called again, and may throw.
    /// </param>
    public async Task<T> Change<T>(LedgerKey key, JsonTypeInfo<T> type, Func<T?, T> decide)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var item = await Item(key);
            var present = item is null ? null : Document(item, type);
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
                            ["document"] = new(JsonSerializer.Serialize(wanted, type)),
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
    public Task Put<T>(LedgerKey key, JsonTypeInfo<T> type, T record)
        where T : class => Change(key, type, _ => record);

    /// <summary>Removes a record; one that is not there is no error.</summary>
    public Task Delete(LedgerKey key) => aws.DynamoDB.DeleteItemAsync(settings.Table, Attributes(key));

    private async Task<Dictionary<string, AttributeValue>?> Item(LedgerKey key)
    {
        var answer = await aws.DynamoDB.GetItemAsync(settings.Table, Attributes(key), consistentRead: true);
        return answer.Item is { Count: > 0 } item ? item : null;
    }

    private static Dictionary<string, AttributeValue> Attributes(LedgerKey key) =>
        new() { ["pk"] = new(key.Partition), ["sk"] = new(key.Sort) };

    private static T Document<T>(Dictionary<string, AttributeValue> item, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(item["document"].S, type)
        ?? throw new InvalidOperationException($"the record {item["pk"].S} {item["sk"].S} is empty");
}
