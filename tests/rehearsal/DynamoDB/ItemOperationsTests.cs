using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Deployer.Rehearsal.Tests.DynamoDB;

public sealed class ItemOperationsTests
{
    [Fact]
    public async Task What_is_put_is_read_back_with_every_type()
    {
        await using var db = await DynamoDBFixture.Start();
        var item = DynamoDBFixture.Key("a", 1);
        item["text"] = new("héllo");
        item["bytes"] = new() { B = new MemoryStream([1, 2, 255]) };
        item["flag"] = new() { BOOL = false };
        item["nothing"] = new() { NULL = true };
        item["numbers"] = new() { NS = ["1", "2.50"] };
        item["texts"] = new() { SS = ["x", "y"] };
        item["list"] = new() { L = [new("one"), DynamoDBFixture.Number(2)] };
        item["map"] = new() { M = new() { ["inner"] = new("v") } };
        item["empty"] = new() { L = [], IsLSet = true };
        await db.Client.PutItemAsync(DynamoDBFixture.Table, item);

        var read = (await db.Client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("a", 1), consistentRead: true)).Item;

        read["text"].S.ShouldBe("héllo");
        read["bytes"].B.ToArray().ShouldBe([1, 2, 255]);
        read["flag"].BOOL.ShouldBe(false);
        read["nothing"].NULL.ShouldBe(true);
        read["numbers"].NS.ShouldBe(["1", "2.5"]);
        read["texts"].SS.ShouldBe(["x", "y"]);
        read["list"].L[1].N.ShouldBe("2");
        read["map"].M["inner"].S.ShouldBe("v");
        read["empty"].L.ShouldBeEmpty();
        read.Count.ShouldBe(11);
    }

    [Fact]
    public async Task A_missing_item_is_no_item()
    {
        await using var db = await DynamoDBFixture.Start();

        (await db.Client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("a", 1))).IsItemSet.ShouldBeFalse();
        (await db.Client.DeleteItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("a", 1))).Attributes.ShouldBeNull();
    }

    [Fact]
    public async Task A_condition_that_fails_says_so_and_shows_the_item()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("lock", 0, ("holder", new("first")));

        var failure = await Should.ThrowAsync<ConditionalCheckFailedException>(
            db.Client.PutItemAsync(
                new PutItemRequest
                {
                    TableName = DynamoDBFixture.Table,
                    Item = DynamoDBFixture.Key("lock", 0),
                    ConditionExpression = "attribute_not_exists(pk)",
                    ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                }
            )
        );

        failure.Message.ShouldBe("The conditional request failed");
        failure.Item["holder"].S.ShouldBe("first");
    }

    [Theory]
    [InlineData("NONE", "")]
    [InlineData("ALL_OLD", "count=1,pk=c,sk=0,state=old")]
    [InlineData("UPDATED_OLD", "count=1,state=old")]
    [InlineData("ALL_NEW", "count=3,fresh=new,pk=c,sk=0,state=new")]
    [InlineData("UPDATED_NEW", "count=3,fresh=new,state=new")]
    public async Task An_update_returns_what_was_asked_for(string returned, string attributes)
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("c", 0, ("count", DynamoDBFixture.Number(1)), ("state", new("old")));

        var answer = await db.Client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = DynamoDBFixture.Table,
                Key = DynamoDBFixture.Key("c", 0),
                UpdateExpression = "SET #s = :new, fresh = :new ADD #c :two",
                ExpressionAttributeNames = new() { ["#s"] = "state", ["#c"] = "count" },
                ExpressionAttributeValues = new() { [":new"] = new("new"), [":two"] = DynamoDBFixture.Number(2) },
                ReturnValues = new ReturnValue(returned),
            }
        );

        string.Join(
                ',',
                (answer.Attributes ?? [])
                    .OrderBy(one => one.Key, StringComparer.Ordinal)
                    .Select(one => $"{one.Key}={one.Value.S ?? one.Value.N}")
            )
            .ShouldBe(attributes);
    }

    [Fact]
    public async Task An_update_makes_the_item_that_was_not_there()
    {
        await using var db = await DynamoDBFixture.Start();

        var answer = await db.Client.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = DynamoDBFixture.Table,
                Key = DynamoDBFixture.Key("n", 1),
                UpdateExpression = "ADD amount :one",
                ExpressionAttributeValues = new() { [":one"] = DynamoDBFixture.Number(1) },
                ReturnValues = ReturnValue.ALL_NEW,
            }
        );

        answer.Attributes.Keys.Order().ShouldBe(["amount", "pk", "sk"]);
    }

    [Theory]
    [InlineData(
        "SET sk = :one",
        ":one",
        "One or more parameter values were invalid: Cannot update attribute sk. This attribute is part of the key"
    )]
    [InlineData("SET score = :text", ":text", "Type mismatch for Index Key score Expected: N Actual: S IndexName: by-owner")]
    [InlineData(
        "SET x = :text, y = :unknown",
        ":text",
        "An expression attribute value used in expression is not defined; attribute value: :unknown"
    )]
    [InlineData("SET x = :text", ":text :one", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:one}")]
    [InlineData("SET timestamp = :one", ":one", "Attribute name is a reserved keyword; reserved keyword: timestamp")]
    public async Task A_wrong_update_is_refused(string expression, string values, string message)
    {
        await using var db = await DynamoDBFixture.Start();

        var refusal = await Should.ThrowAsync<AmazonDynamoDBException>(
            db.Client.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = DynamoDBFixture.Table,
                    Key = DynamoDBFixture.Key("n", 1),
                    UpdateExpression = expression,
                    ExpressionAttributeValues = values
                        .Split(' ')
                        .ToDictionary(name => name, name => name == ":one" ? DynamoDBFixture.Number(1) : new AttributeValue("t")),
                }
            )
        );

        refusal.ErrorCode.ShouldBe("ValidationException");
        refusal.Message.ShouldContain(message);
    }

    [Fact]
    public async Task A_key_must_fit_the_schema()
    {
        await using var db = await DynamoDBFixture.Start();

        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.GetItemAsync(DynamoDBFixture.Table, new Dictionary<string, AttributeValue> { ["pk"] = new("a") })
            )
        ).Message.ShouldBe("The provided key element does not match the schema");
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.PutItemAsync(DynamoDBFixture.Table, new Dictionary<string, AttributeValue> { ["pk"] = new("a") })
            )
        ).Message.ShouldBe("One or more parameter values were invalid: Missing the key sk in the item");
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(db.Client.PutItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("", 1)))
        ).Message.ShouldContain("cannot contain an empty string value. Key: pk");
    }

    [Fact]
    public async Task An_item_holds_at_most_400_kilobytes()
    {
        await using var db = await DynamoDBFixture.Start();

        await db.Put("big", 1, ("text", new(new string('x', 409_000))));
        (await Should.ThrowAsync<AmazonDynamoDBException>(db.Put("big", 1, ("text", new(new string('x', 409_600)))))).Message.ShouldBe(
            "Item size has exceeded the maximum allowed size"
        );
    }

    [Fact]
    public async Task A_table_that_does_not_exist_is_not_found()
    {
        await using var db = await DynamoDBFixture.Start();

        await Should.ThrowAsync<ResourceNotFoundException>(db.Client.GetItemAsync("another", DynamoDBFixture.Key("a", 1)));
    }
}
