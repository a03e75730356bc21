using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Amazon.DynamoDBv2.Model;
using Amazon.S3.Model;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Ledger;

/// <summary>
/// The records of the deployer in one table. A record is one item: its keys, a version and a JSON document. A change
/// reads, decides and writes on the condition that nobody wrote in between, else it decides again. A document that could make the item
/// larger than DynamoDB's 400 KB is in the bucket, under its digest, and the item names it.
/// </summary>
/// <remarks>https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items</remarks>
public sealed class LedgerTable(IAws aws, Settings settings)
{
    /// <summary>The largest document that is in its item, in bytes; keys, names and version take a few hundred more.</summary>
    public const int LargestDocument = 350_000;

    /// <summary>
    /// The attribute by which the table deletes a record, in seconds since 1970; a record without it stays.
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
    /// </summary>
    public const string ExpiryName = "expires";

    /// <summary>
    /// How long a record is kept that only its own deployment or plan asks for: longer than any of them takes, and than a plan's document.
    /// </summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private const int Tries = 20;
    private const string DocumentName = "document";
    private const string ObjectName = "object";

    /// <summary>The record, read consistently, or <see langword="null"/>.</summary>
    public async Task<T?> Read<T>(LedgerKey<T> key)
        where T : class
    {
        var item = await Item(key);
        return item is null ? null : await Document(item, key.Json);
    }

    /// <summary>All records of a range, in the order of their sort keys.</summary>
    /// <param name="range">The range.</param>
    /// <param name="unreadable">
    /// Takes each record that cannot be read, with the reason, and leaves it out; <see langword="null"/> to throw that.
    /// </param>
    public async Task<IReadOnlyList<T>> Query<T>(LedgerRange<T> range, Action<string, Exception>? unreadable = null)
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
            foreach (var item in page.Items ?? [])
            {
                try
                {
                    found.Add(await Document(item, range.Json));
                }
                catch (Exception exception)
                    when (unreadable is not null && exception is JsonException or InvalidOperationException or KeyNotFoundException)
                {
                    unreadable($"record {range.Partition} {item["sk"].S}", exception);
                }
            }

            start = page.LastEvaluatedKey is { Count: > 0 } next ? next : null;
        } while (start is not null);
        return found;
    }

    /// <summary>All records of one type, whatever their partition; the deployer's functions have no permission for it.</summary>
    public async Task<IReadOnlyList<T>> Scan<T>(LedgerScan<T> scan)
        where T : class
    {
        var found = new List<T>();
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            var page = await aws.DynamoDB.ScanAsync(
                new ScanRequest
                {
                    TableName = settings.Table,
                    ConsistentRead = true,
                    ExclusiveStartKey = start,
                }
            );
            foreach (var item in page.Items ?? [])
            {
                if (
                    item["pk"].S.StartsWith(scan.PartitionPrefix, StringComparison.Ordinal)
                    && item["sk"].S.StartsWith(scan.SortPrefix, StringComparison.Ordinal)
                )
                {
                    found.Add(await Document(item, scan.Json));
                }
            }

            start = page.LastEvaluatedKey is { Count: > 0 } next ? next : null;
        } while (start is not null);
        return found;
    }

    /// <summary>Changes one record in one conditional write and returns what it is then.</summary>
    /// <param name="key">The record.</param>
    /// <param name="decide">
    /// Gives the new record from the present one; the present one itself for no change. May be called again, and may throw.
    /// </param>
    /// <param name="expires">
    /// When the record may be deleted; <see langword="null"/> for one that stays, or keeps the end that it has.
    /// </param>
    public async Task<T> Change<T>(LedgerKey<T> key, Func<T?, T> decide, DateTimeOffset? expires = null)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var item = await Item(key);
            var present = item is null ? null : await Document(item, key.Json);
            var wanted = decide(present);
            if (ReferenceEquals(wanted, present))
            {
                return wanted;
            }

            var (name, text) = await Written(JsonSerializer.Serialize(wanted, key.Json));
            var version = item is null ? 0 : long.Parse(item["version"].N, CultureInfo.InvariantCulture);
            var written = new Dictionary<string, AttributeValue>(Attributes(key))
            {
                ["version"] = new() { N = (version + 1).ToString(CultureInfo.InvariantCulture) },
                [name] = new(text),
            };
            if (expires is { } end)
            {
                written[ExpiryName] = new() { N = end.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) };
            }
            else if (item?.GetValueOrDefault(ExpiryName) is { } kept)
            {
                written[ExpiryName] = kept;
            }

            try
            {
                await aws.DynamoDB.PutItemAsync(
                    new PutItemRequest
                    {
                        TableName = settings.Table,
                        Item = written,
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
    public Task Put<T>(LedgerKey<T> key, T record, DateTimeOffset? expires = null)
        where T : class => Change(key, _ => record, expires);

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
            if (await Item(key) is not { } item || !expected(await Document(item, key.Json)))
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

    /// <summary>
    /// The attribute that holds a document: itself, or the key of the object that does. An object's key is its digest, so that no version
    /// of a record changes another one's.
    /// </summary>
    private async Task<(string Name, string Text)> Written(string document)
    {
        if (Encoding.UTF8.GetByteCount(document) <= LargestDocument)
        {
            return (DocumentName, document);
        }

        var key = $"records/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document)))}.json";
        await aws.S3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = settings.Bucket,
                Key = key,
                ContentBody = document,
            }
        );
        return (ObjectName, key);
    }

    private async Task<T> Document<T>(Dictionary<string, AttributeValue> item, JsonTypeInfo<T> type)
    {
        if (!item.TryGetValue(ObjectName, out var named))
        {
            return JsonSerializer.Deserialize(item[DocumentName].S, type) ?? throw Empty();
        }

        using var answer = await aws.S3.GetObjectAsync(settings.Bucket, named.S);
        return await JsonSerializer.DeserializeAsync(answer.ResponseStream, type) ?? throw Empty();

        InvalidOperationException Empty() => new($"the record {item["pk"].S} {item["sk"].S} is empty");
    }
}
