using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Deployer.Rehearsal.Tests.DynamoDB;

public sealed class QueryOperationsTests
{
    [Theory]
    [InlineData("pk = :p", "-5,1,2,10")]
    [InlineData("pk = :p AND sk > :n", "2,10")]
    [InlineData("sk <= :n AND pk = :p", "-5,1")]
    [InlineData("pk = :p AND sk BETWEEN :n AND :m", "1,2")]
    [InlineData("pk = :p AND sk = :m", "2")]
    public async Task A_query_finds_a_range_of_a_partition_in_its_order(string condition, string found)
    {
        await using var db = await Filled();

        var answer = await db.Client.QueryAsync(Query(condition, ascending: true));

        string.Join(',', answer.Items.Select(item => item["sk"].N)).ShouldBe(found);
        answer.Count.ShouldBe(answer.Items.Count);
    }

    [Fact]
    public async Task A_query_goes_backwards_page_by_page_and_filters_after_counting()
    {
        await using var db = await Filled();
        var request = Query("pk = :p", ascending: false);
        request.Limit = 3;
        request.FilterExpression = "shown = :x";
        request.ExpressionAttributeValues[":x"] = new("even");

        var first = await db.Client.QueryAsync(request);
        first.Items.Select(item => item["sk"].N).ShouldBe(["10", "2"]);
        first.ScannedCount.ShouldBe(3);
        first.LastEvaluatedKey["sk"].N.ShouldBe("1");

        request.ExclusiveStartKey = first.LastEvaluatedKey;
        var second = await db.Client.QueryAsync(request);
        second.Items.ShouldBeEmpty();
        second.ScannedCount.ShouldBe(1);
        second.LastEvaluatedKey.ShouldBeNull();
    }

    [Fact]
    public async Task An_index_holds_only_what_has_its_key_and_shows_what_it_projects()
    {
        await using var db = await Filled();

        var answer = await db.Client.QueryAsync(
            new QueryRequest
            {
                TableName = DynamoDBFixture.Table,
                IndexName = "by-owner",
                KeyConditionExpression = "#o = :o",
                ExpressionAttributeNames = new() { ["#o"] = "owner" },
                ExpressionAttributeValues = new() { [":o"] = new("ann") },
            }
        );

        answer.Items.Select(item => item["score"].N).ShouldBe(["1", "9"]);
        answer.Items[0].Keys.Order().ShouldBe(["owner", "pk", "score", "shown", "sk"]);
    }

    [Fact]
    public async Task A_page_ends_at_one_megabyte()
    {
        await using var db = await DynamoDBFixture.Start();
        for (var i = 0; i < 4; i++)
        {
            await db.Put("big", i, ("text", new(new string('x', 390_000))));
        }

        var paginator = db.Client.Paginators.Scan(new ScanRequest { TableName = DynamoDBFixture.Table, ConsistentRead = true });
        var pages = new List<int>();
        await foreach (var page in paginator.Responses)
        {
            pages.Add(page.Count!.Value);
        }

        pages.ShouldBe([3, 1]);
    }

    [Theory]
    [InlineData("sk = :n", "Query condition missed key schema element: pk")]
    [InlineData("pk = :p OR sk = :n", "Invalid operator used in KeyConditionExpression: OR")]
    [InlineData("pk > :p", "Query key condition not supported")]
    [InlineData("pk = :p AND shown = :n", "Query condition missed key schema element: sk")]
    [InlineData("pk = :p AND sk > :n AND sk < :m", "KeyConditionExpressions must only contain one condition per key")]
    [InlineData("pk = :n", "Condition parameter type does not match schema type")]
    public async Task A_wrong_key_condition_is_refused(string condition, string message)
    {
        await using var db = await Filled();
        var request = Query(condition, ascending: true);

        (await Should.ThrowAsync<AmazonDynamoDBException>(db.Client.QueryAsync(request))).Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_filter_must_not_look_at_the_key()
    {
        await using var db = await Filled();
        var request = Query("pk = :p", ascending: true);
        request.FilterExpression = "sk > :x";
        request.ExpressionAttributeValues[":x"] = DynamoDBFixture.Number(0);

        (await Should.ThrowAsync<AmazonDynamoDBException>(db.Client.QueryAsync(request))).Message.ShouldBe(
            "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"
        );
    }

    [Fact]
    public async Task A_scan_sees_everything_and_counts()
    {
        await using var db = await Filled();

        var answer = await db.Client.ScanAsync(new ScanRequest { TableName = DynamoDBFixture.Table, Select = Select.COUNT });

        answer.Count.ShouldBe(5);
        answer.Items.ShouldBeNull();
    }

    private static async Task<DynamoDBFixture> Filled()
    {
        var db = await DynamoDBFixture.Start();
        foreach (var (sk, shown) in new[] { (10, "even"), (1, "odd"), (-5, "odd"), (2, "even") })
        {
            await db.Put("p", sk, ("shown", new(shown)));
        }

        await db.Client.PutItemAsync(DynamoDBFixture.Table, Owned("p", 10, 9));
        await db.Client.PutItemAsync(DynamoDBFixture.Table, Owned("q", 1, 1));
        return db;

        static Dictionary<string, AttributeValue> Owned(string pk, int sk, int score)
        {
            var item = DynamoDBFixture.Key(pk, sk);
            item["owner"] = new("ann");
            item["score"] = DynamoDBFixture.Number(score);
            item["shown"] = new("even");
            item["hidden"] = new("x");
            return item;
        }
    }

    private static QueryRequest Query(string condition, bool ascending) =>
        new()
        {
            TableName = DynamoDBFixture.Table,
            KeyConditionExpression = condition,
            ScanIndexForward = ascending,
            ExpressionAttributeValues = new Dictionary<string, AttributeValue>
            {
                [":p"] = new("p"),
                [":n"] = DynamoDBFixture.Number(1),
                [":m"] = DynamoDBFixture.Number(2),
            }
                .Where(value => condition.Contains(value.Key, StringComparison.Ordinal))
                .ToDictionary(),
        };
}
