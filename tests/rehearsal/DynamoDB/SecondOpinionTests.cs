using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Deployer.Rehearsal.Tests.DynamoDB.Expressions;
using Deployer.Rehearsal.Tests.Wire;

namespace Deployer.Rehearsal.Tests.DynamoDB;

/// <summary>
/// The same requests to the rehearsal and to moto's server: both must end the same way. Conditions with wrong syntax are left out, since
/// moto 5.2 breaks on them with an internal error.
/// </summary>
public sealed class SecondOpinionTests(MotoServer moto) : IClassFixture<MotoServer>
{
    private static readonly string[] Conditions =
    [
        "num = :two",
        "num <> :two",
        "num < :ten AND num > :one",
        "NOT num = :two",
        "num BETWEEN :one AND :ten",
        "num IN (:one, :ten)",
        "num = :one AND num = :one OR num = :two",
        "attribute_exists(doc.nested.leaf)",
        "attribute_not_exists(absent)",
        "attribute_type(num, :n)",
        "begins_with(phrase, :te)",
        "contains(phrase, :te)",
        "contains(letters, :a)",
        "size(seq) > :two",
        "absent = :one",
        "absent < :one",
        "seq[2].deep > :two",
        "#status = :s",
        "status = :s",
    ];

    private static readonly string[] Updates =
    [
        "SET num = num + :ten",
        "SET num = :ten - num",
        "SET fresh = if_not_exists(fresh, :one)",
        "SET doc.nested.leaf = :s",
        "SET seq[1] = :s",
        "SET seq[9] = :s",
        "SET seq = list_append(seq, :list)",
        "REMOVE seq[0], seq[1]",
        "REMOVE doc.nested.leaf, num",
        "ADD num :ten, letters :ss",
        "DELETE letters :ss",
        "SET num = doc.amount, doc.amount = num",
        "SET num = absent",
        "SET absent.leaf = :one",
        "SET num = phrase + :one",
        "SET doc.amount = :one REMOVE doc",
        "SET pk = :s",
    ];

    [Fact]
    public async Task Conditions_end_as_with_moto() =>
        await Compare(
            Conditions,
            (client, expression) =>
            {
                var (names, values) = Used(expression);
                return client.UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = DynamoDBFixture.Table,
                        Key = DynamoDBFixture.Key("p", 1),
                        UpdateExpression = "SET seen = :one",
                        ConditionExpression = expression,
                        ExpressionAttributeNames = names,
                        ExpressionAttributeValues = new(values) { [":one"] = DynamoDBFixture.Number(1) },
                    }
                );
            }
        );

    [Fact]
    public async Task Updates_end_as_with_moto() =>
        await Compare(
            Updates,
            (client, expression) =>
            {
                var (names, values) = Used(expression);
                return client.UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = DynamoDBFixture.Table,
                        Key = DynamoDBFixture.Key("p", 1),
                        UpdateExpression = expression,
                        ExpressionAttributeNames = names,
                        ExpressionAttributeValues = values.Count == 0 ? null : values,
                    }
                );
            }
        );

    private static async Task<List<string>> Ends(
        AmazonDynamoDBClient client,
        string[] expressions,
        Func<AmazonDynamoDBClient, string, Task> request
    )
    {
        var ends = new List<string>();
        foreach (var expression in expressions)
        {
            var item = Values(JsonSerializer.Serialize(Given.Item.Attributes));
            item["pk"] = new("p");
            item["sk"] = DynamoDBFixture.Number(1);
            await client.PutItemAsync(DynamoDBFixture.Table, item);
            try
            {
                await request(client, expression);
                var kept = await client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("p", 1));
                ends.Add($"{expression}: {Shown(new() { M = kept.Item })}");
            }
            catch (AmazonDynamoDBException refusal)
            {
                ends.Add($"{expression}: {refusal.ErrorCode}");
            }
        }

        return ends;
    }

    private static (Dictionary<string, string>? Names, Dictionary<string, AttributeValue> Values) Used(string expression)
    {
        var names = JsonSerializer
            .Deserialize<Dictionary<string, string>>(Given.Names)!
            .Where(name => expression.Contains(name.Key, StringComparison.Ordinal))
            .ToDictionary();
        var words = expression.Split(' ', '(', ')', ',', '=');
        return (
            names.Count == 0 ? null : names,
            Values(Given.Values).Where(value => words.Contains(value.Key, StringComparer.Ordinal)).ToDictionary()
        );
    }

    private static Dictionary<string, AttributeValue> Values(string json) =>
        JsonElement
            .Parse(json)
            .EnumerateObject()
            .ToDictionary(member => member.Name, member => Value(member.Value.EnumerateObject().Single()));

    private static AttributeValue Value(JsonProperty value) =>
        value.Name switch
        {
            "S" => new(value.Value.GetString()),
            "N" => new() { N = value.Value.GetString() },
            "B" => new() { B = new MemoryStream(value.Value.GetBytesFromBase64()) },
            "BOOL" => new() { BOOL = value.Value.GetBoolean() },
            "NULL" => new() { NULL = true },
            "SS" => new() { SS = [.. value.Value.EnumerateArray().Select(member => member.GetString()!)] },
            "NS" => new() { NS = [.. value.Value.EnumerateArray().Select(member => member.GetString()!)] },
            "L" => new()
            {
                L = [.. value.Value.EnumerateArray().Select(member => Value(member.EnumerateObject().Single()))],
                IsLSet = true,
            },
            _ => new() { M = Values(value.Value.GetRawText()), IsMSet = true },
        };

    private static string Shown(AttributeValue value) =>
        value.S is not null ? $"'{value.S}'"
        : value.N is not null ? value.N
        : value.B is not null ? Convert.ToHexString(value.B.ToArray())
        : value.BOOL is { } flag ? flag.ToString()
        : value.NULL == true ? "null"
        : value.SS is { Count: > 0 } texts ? $"<{string.Join(',', texts.Order(StringComparer.Ordinal))}>"
        : value.L is { } list && value.IsLSet ? $"[{string.Join(',', list.Select(Shown))}]"
        : $"{{{string.Join(',', Members(value.M ?? []))}}}";

    private static IEnumerable<string> Members(Dictionary<string, AttributeValue> map) =>
        map.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{Shown(member.Value)}");

    private async Task Compare(string[] expressions, Func<AmazonDynamoDBClient, string, Task> request)
    {
        Assert.SkipWhen(moto.Address is null, moto.Absence);
        await using var db = await DynamoDBFixture.Start();
        using var other = new AmazonDynamoDBClient(
            TestAws.Root(TestAws.Tools),
            new AmazonDynamoDBConfig
            {
                ServiceURL = moto.Address!.ToString(),
                AuthenticationRegion = "us-east-1",
                MaxErrorRetry = 0,
            }
        );
        var table = DynamoDBFixture.TableRequest(DynamoDBFixture.Table);
        await other.CreateTableAsync(table);
        try
        {
            var ours = await Ends(db.Client, expressions, request);
            var theirs = await Ends(other, expressions, request);
            ours.Zip(theirs).Where(pair => pair.First != pair.Second).ShouldBeEmpty();
        }
        finally
        {
            await other.DeleteTableAsync(DynamoDBFixture.Table);
        }
    }
}
