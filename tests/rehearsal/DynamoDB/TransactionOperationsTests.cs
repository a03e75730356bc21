using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Deployer.Rehearsal.Tests.DynamoDB;

public sealed class TransactionOperationsTests
{
    [Fact]
    public async Task All_writes_of_a_transaction_happen()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("old", 1);

        await db.Client.TransactWriteItemsAsync(
            new TransactWriteItemsRequest
            {
                TransactItems = [Put("new", 1), Delete("old", 1), Check("lock", 1, "attribute_not_exists(pk)")],
            }
        );

        (await Get(db, "new", 1)).ShouldBeTrue();
        (await Get(db, "old", 1)).ShouldBeFalse();
        (await Get(db, "lock", 1)).ShouldBeFalse();
    }

    [Fact]
    public async Task One_condition_that_fails_cancels_all_and_each_has_its_reason()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("lock", 1, ("holder", new("first")));
        var check = Check("lock", 1, "attribute_not_exists(pk)");
        check.ConditionCheck.ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD;

        var failure = await Should.ThrowAsync<TransactionCanceledException>(
            db.Client.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = [Put("new", 1), check] })
        );

        failure.Message.ShouldBe(
            "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]"
        );
        failure.CancellationReasons.Select(reason => reason.Code).ShouldBe(["None", "ConditionalCheckFailed"]);
        failure.CancellationReasons[1].Item["holder"].S.ShouldBe("first");
        (await Get(db, "new", 1)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_repeated_token_changes_nothing_and_another_request_under_it_is_refused()
    {
        await using var db = await DynamoDBFixture.Start();
        var request = new TransactWriteItemsRequest { ClientRequestToken = "once", TransactItems = [Put("new", 1)] };
        await db.Client.TransactWriteItemsAsync(request);
        await db.Client.DeleteItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("new", 1));

        await db.Client.TransactWriteItemsAsync(request);

        (await Get(db, "new", 1)).ShouldBeFalse();
        request.TransactItems.Add(Put("other", 1));
        await Should.ThrowAsync<IdempotentParameterMismatchException>(db.Client.TransactWriteItemsAsync(request));
    }

    [Fact]
    public async Task A_refused_transaction_does_not_use_its_token_up()
    {
        await using var db = await DynamoDBFixture.Start();
        var request = new TransactWriteItemsRequest
        {
            ClientRequestToken = "again",
            TransactItems = [Put("new", 1), Check("gate", 1, "attribute_exists(pk)")],
        };
        await Should.ThrowAsync<TransactionCanceledException>(db.Client.TransactWriteItemsAsync(request));
        await db.Put("gate", 1);

        await db.Client.TransactWriteItemsAsync(request);

        (await Get(db, "new", 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task One_item_is_written_once_in_a_transaction()
    {
        await using var db = await DynamoDBFixture.Start();

        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = [Put("new", 1), Delete("new", 1)] })
            )
        ).Message.ShouldBe("Transaction request cannot include multiple operations on one item");
    }

    [Fact]
    public async Task Reads_of_a_transaction_come_in_its_order()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("b", 1);

        var answer = await db.Client.TransactGetItemsAsync(
            new TransactGetItemsRequest
            {
                TransactItems =
                [
                    .. new[] { "a", "b" }.Select(pk => new TransactGetItem
                    {
                        Get = new Get { TableName = DynamoDBFixture.Table, Key = DynamoDBFixture.Key(pk, 1) },
                    }),
                ],
            }
        );

        answer.Responses.Select(response => response.Item?["pk"].S).ShouldBe([null, "b"]);
    }

    [Fact]
    public async Task Batches_read_and_write_many_items()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Client.BatchWriteItemAsync(
            new BatchWriteItemRequest(
                new Dictionary<string, List<WriteRequest>>
                {
                    [DynamoDBFixture.Table] =
                    [
                        .. Enumerable.Range(0, 25).Select(sk => new WriteRequest(new PutRequest(DynamoDBFixture.Key("p", sk)))),
                    ],
                }
            )
        );

        var read = await db.Client.BatchGetItemAsync(
            new BatchGetItemRequest(
                new Dictionary<string, KeysAndAttributes>
                {
                    [DynamoDBFixture.Table] = new() { Keys = [.. Enumerable.Range(20, 10).Select(sk => DynamoDBFixture.Key("p", sk))] },
                }
            )
        );

        read.Responses[DynamoDBFixture.Table].Count.ShouldBe(5);
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.BatchWriteItemAsync(
                    new BatchWriteItemRequest(
                        new Dictionary<string, List<WriteRequest>>
                        {
                            [DynamoDBFixture.Table] =
                            [
                                .. Enumerable.Range(0, 26).Select(sk => new WriteRequest(new PutRequest(DynamoDBFixture.Key("p", sk)))),
                            ],
                        }
                    )
                )
            )
        ).Message.ShouldContain("less than or equal to 25");
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.BatchWriteItemAsync(
                    new BatchWriteItemRequest(
                        new Dictionary<string, List<WriteRequest>>
                        {
                            [DynamoDBFixture.Table] =
                            [
                                new(new PutRequest(DynamoDBFixture.Key("p", 1))),
                                new(new DeleteRequest(DynamoDBFixture.Key("p", 1))),
                            ],
                        }
                    )
                )
            )
        ).Message.ShouldBe("Provided list of item keys contains duplicates");
    }

    private static TransactWriteItem Put(string pk, int sk) =>
        new()
        {
            Put = new Put { TableName = DynamoDBFixture.Table, Item = DynamoDBFixture.Key(pk, sk) },
        };

    private static TransactWriteItem Delete(string pk, int sk) =>
        new()
        {
            Delete = new Delete { TableName = DynamoDBFixture.Table, Key = DynamoDBFixture.Key(pk, sk) },
        };

    private static TransactWriteItem Check(string pk, int sk, string condition) =>
        new()
        {
            ConditionCheck = new ConditionCheck
            {
                TableName = DynamoDBFixture.Table,
                Key = DynamoDBFixture.Key(pk, sk),
                ConditionExpression = condition,
            },
        };

    private static async Task<bool> Get(DynamoDBFixture db, string pk, int sk) =>
        (await db.Client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key(pk, sk))).IsItemSet;
}
