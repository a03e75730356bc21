using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Deployer.Rehearsal.DynamoDB;
using Deployer.Rehearsal.Tests.Wire;
using AttributeValue = Amazon.DynamoDBv2.Model.AttributeValue;

namespace Deployer.Rehearsal.Tests.DynamoDB;

/// <summary>A world with one table, seen through the official client.</summary>
internal sealed class DynamoDBFixture : IAsyncDisposable
{
    public const string Table = "deployments";

    private DynamoDBFixture(TestAws aws) => (Aws, Client) = (aws, ClientOf(aws, TestAws.Root(TestAws.Tools)));

    public TestAws Aws { get; }

    public AmazonDynamoDBClient Client { get; }

    public static async Task<DynamoDBFixture> Start()
    {
        var fixture = new DynamoDBFixture(await TestAws.Start(world => new DynamoDBService(world)));
        await fixture.Client.CreateTableAsync(TableRequest(Table));
        return fixture;
    }

    public static CreateTableRequest TableRequest(string name) =>
        new()
        {
            TableName = name,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions =
            [
                new("pk", ScalarAttributeType.S),
                new("sk", ScalarAttributeType.N),
                new("owner", ScalarAttributeType.S),
                new("score", ScalarAttributeType.N),
            ],
            KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
            GlobalSecondaryIndexes =
            [
                new()
                {
                    IndexName = "by-owner",
                    KeySchema = [new("owner", KeyType.HASH), new("score", KeyType.RANGE)],
                    Projection = new Projection { ProjectionType = ProjectionType.INCLUDE, NonKeyAttributes = ["shown"] },
                },
            ],
        };

    public static AmazonDynamoDBClient ClientOf(TestAws aws, AWSCredentials credentials) =>
        new(credentials, aws.Configure(new AmazonDynamoDBConfig()));

    public static Dictionary<string, AttributeValue> Key(string pk, int sk) => new() { ["pk"] = new(pk), ["sk"] = Number(sk) };

    public static AttributeValue Number(int number) => new() { N = number.ToString() };

    public Task Put(string pk, int sk, params (string Name, AttributeValue Value)[] attributes)
    {
        var item = Key(pk, sk);
        foreach (var (name, value) in attributes)
        {
            item[name] = value;
        }

        return Client.PutItemAsync(Table, item);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return Aws.DisposeAsync();
    }
}
