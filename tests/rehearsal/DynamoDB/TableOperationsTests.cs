using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.DynamoDB;

public sealed class TableOperationsTests
{
    [Fact]
    public async Task A_table_is_described_as_it_was_made()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("a", 1);

        var table = (await db.Client.DescribeTableAsync(DynamoDBFixture.Table)).Table;

        table.TableStatus.ShouldBe(TableStatus.ACTIVE);
        table.TableArn.ShouldBe($"arn:aws:dynamodb:us-east-1:{TestAws.Tools}:table/deployments");
        table.KeySchema.Select(key => $"{key.AttributeName} {key.KeyType}").ShouldBe(["pk HASH", "sk RANGE"]);
        table.GlobalSecondaryIndexes.Single().Projection.NonKeyAttributes.ShouldBe(["shown"]);
        table.ItemCount.ShouldBe(1);
        table.CreationDateTime!.Value.ToUniversalTime().ShouldBe(Epoch.Start.UtcDateTime);
        (await db.Client.ListTablesAsync(new ListTablesRequest())).TableNames.ShouldBe(["deployments"]);
    }

    [Fact]
    public async Task A_table_is_made_once_and_deleted_with_its_items()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Put("a", 1);
        await Should.ThrowAsync<ResourceInUseException>(db.Client.CreateTableAsync(DynamoDBFixture.TableRequest(DynamoDBFixture.Table)));

        await db.Client.DeleteTableAsync(DynamoDBFixture.Table);

        await Should.ThrowAsync<ResourceNotFoundException>(db.Client.DescribeTableAsync(DynamoDBFixture.Table));
        await db.Client.CreateTableAsync(DynamoDBFixture.TableRequest(DynamoDBFixture.Table));
        (await db.Client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("a", 1))).IsItemSet.ShouldBeFalse();
    }

    [Fact]
    public async Task An_expired_item_is_still_there_until_dynamodb_deletes_it()
    {
        await using var db = await DynamoDBFixture.Start();
        await db.Client.UpdateTimeToLiveAsync(
            new UpdateTimeToLiveRequest
            {
                TableName = DynamoDBFixture.Table,
                TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = "expires", Enabled = true },
            }
        );
        (await db.Client.DescribeTimeToLiveAsync(DynamoDBFixture.Table)).TimeToLiveDescription.TimeToLiveStatus.ShouldBe(
            TimeToLiveStatus.ENABLED
        );
        await db.Put("a", 1, ("expires", new() { N = Epoch.Start.AddHours(1).ToUnixTimeSeconds().ToString() }));

        (await PresentAfter(TimeSpan.FromHours(2))).ShouldBeTrue();
        (await PresentAfter(Items.DeletionDelay)).ShouldBeFalse();

        async Task<bool> PresentAfter(TimeSpan time)
        {
            var kind = $"wake {time}";
            var woken = false;
            await db.Aws.World.Do(() =>
            {
                db.Aws.World.OnDue(kind, _ => woken = true);
                db.Aws.World.Schedule(time, kind, "");
            });
            await db.Aws.World.RunUntil(() => woken);
            return (await db.Client.GetItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("a", 1))).IsItemSet;
        }
    }

    [Fact]
    public async Task What_is_not_simulated_is_refused_by_name()
    {
        await using var db = await DynamoDBFixture.Start();

        (await Should.ThrowAsync<AmazonDynamoDBException>(db.Client.ListBackupsAsync(new ListBackupsRequest()))).Message.ShouldContain(
            "ListBackups"
        );
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                db.Client.ScanAsync(
                    new ScanRequest
                    {
                        TableName = DynamoDBFixture.Table,
                        Segment = 0,
                        TotalSegments = 2,
                    }
                )
            )
        ).Message.ShouldContain("Segment");
    }

    [Fact]
    public async Task A_role_reaches_the_table_and_the_partitions_that_its_policy_names()
    {
        await using var db = await DynamoDBFixture.Start();
        var session = await db.Aws.Session(
            TestAws.Tools,
            "writer",
            $$"""
            {"Effect":"Allow","Action":["dynamodb:PutItem","dynamodb:Query"],
              "Resource":"arn:aws:dynamodb:*:{{TestAws.Tools}}:table/deployments",
             "Condition":{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":"mine*"} } }
            """
        );
        using var client = DynamoDBFixture.ClientOf(db.Aws, session);

        await client.PutItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("mine-1", 1));
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(client.PutItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("yours", 1)))
        ).ErrorCode.ShouldBe("AccessDeniedException");
        (
            await Should.ThrowAsync<AmazonDynamoDBException>(
                client.DeleteItemAsync(DynamoDBFixture.Table, DynamoDBFixture.Key("mine-1", 1))
            )
        ).Message.ShouldContain(
            "is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb:us-east-1:222222222222:table/deployments"
        );
    }
}
