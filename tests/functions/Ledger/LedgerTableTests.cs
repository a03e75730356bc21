using System.Text;
using System.Text.Json;
using Amazon.DynamoDBv2.Model;
using Amazon.S3;
using Amazon.S3.Model;
using Deployer.Functions.Ledger;
using Deployer.Functions.Tests.Deployments;
using Deployer.Functions.Tests.Lock;

namespace Deployer.Functions.Tests.Ledger;

public sealed class LedgerTableTests : IAsyncLifetime
{
    private readonly Dictionary<string, string> _objects = [];
    private Desk _desk = null!;
    private LedgerTable _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _desk = await Desk.Open();
        _desk.S3 = Bucket();
        _ledger = _desk.Ledger;
    }

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task A_document_that_is_too_large_for_an_item_lies_in_the_bucket()
    {
        var large = Task("large", new string('é', 300_000));
        var key = TaskRecord.Key(new("one"), "large", "stack");
        await _ledger.Put(key, large);
        await _ledger.Put(TaskRecord.Key(new("one"), "small", "stack"), Task("small", "a cause"));

        _objects.Keys.ShouldHaveSingleItem().ShouldStartWith("records/");
        (await _ledger.Read(key))!.Cause.ShouldBe(large.Cause);
        (await _ledger.Query(TaskRecord.All(new("one")))).Select(task => task.Cause!.Length).ShouldBe([300_000, 7]);

        await _ledger.Change(key, present => present! with { Cause = present.Cause + "!" });
        (await _ledger.Read(key))!.Cause!.Length.ShouldBe(300_001);
        _objects.Count.ShouldBe(2, "an object is never changed");

        await _ledger.Change(key, present => present! with { Cause = "short" });
        (await _ledger.Read(key))!.Cause.ShouldBe("short");
    }

    /// <summary>400 KB with names: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items</summary>
    [Fact]
    public async Task The_largest_document_that_is_in_its_item_fits_into_it_with_the_longest_keys()
    {
        var (deployment, step) = (new DeploymentId(new string('d', 80)), new string('s', 128));
        var key = TaskRecord.Key(deployment, step, "stack");
        var empty = Task(step, string.Empty) with { Deployment = deployment };
        var room = LedgerTable.LargestDocument - JsonSerializer.SerializeToUtf8Bytes(empty, key.Json).Length;
        var end = new DateTimeOffset(2040, 4, 1, 0, 0, 0, TimeSpan.Zero);

        await _ledger.Put(key, empty with { Cause = new string('c', room) }, end);

        _objects.ShouldBeEmpty();
        (await _ledger.Read(key))!.Cause!.Length.ShouldBe(room);

        await _ledger.Put(key, empty with { Cause = new string('c', room + 1) }, end);

        _objects.ShouldHaveSingleItem();
        (await _ledger.Read(key))!.Cause!.Length.ShouldBe(room + 1);
    }

    [Fact]
    public async Task A_record_is_removed_only_while_it_is_as_expected()
    {
        var key = TaskRecord.Key(new("one"), "small", "stack");
        await _ledger.Put(key, Task("small", "a cause"));

        await _ledger.Delete(key, task => task.Cause == "another");
        (await _ledger.Read(key)).ShouldNotBeNull();
        await _ledger.Delete(key, task => task.Cause == "a cause");
        (await _ledger.Read(key)).ShouldBeNull();
        await _ledger.Delete(key, _ => true);
    }

    [Fact]
    public async Task A_record_that_is_given_an_end_has_it_as_the_attribute_by_which_the_table_deletes_it()
    {
        var end = new DateTimeOffset(2040, 4, 1, 0, 0, 0, TimeSpan.Zero);
        var (brief, lasting) = (TaskRecord.Key(new("one"), "brief", "stack"), TaskRecord.Key(new("one"), "lasting", "stack"));

        await _ledger.Put(brief, Task("brief", "a cause"), end);
        await _ledger.Put(lasting, Task("lasting", "a cause"));

        (await Item(brief))[LedgerTable.ExpiryName].N.ShouldBe("2216851200");
        (await Item(lasting)).Keys.ShouldNotContain(LedgerTable.ExpiryName);
        await _ledger.Put(brief, Task("brief", "another cause"));
        (await Item(brief))[LedgerTable.ExpiryName].N.ShouldBe("2216851200", "what changes it says nothing of its end");

        async Task<Dictionary<string, AttributeValue>> Item(LedgerKey<TaskRecord> key) =>
            (
                await _desk.DynamoDB.GetItemAsync(
                    _desk.Settings.Table,
                    new() { ["pk"] = new(key.Partition), ["sk"] = new(key.Sort) },
                    TestContext.Current.CancellationToken
                )
            ).Item;
    }

    /// <summary>
    /// DynamoDB answers at most 1 MB at a time, however many records there are:
    /// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html.
    /// </summary>
    [Fact]
    public async Task Records_that_fill_more_than_one_page_are_all_read()
    {
        var cause = new string('x', 300_000);
        var steps = Enumerable.Range(0, 9).Select(number => $"step-{number}").ToList();
        foreach (var step in steps)
        {
            await _ledger.Put(TaskRecord.Key(new("one"), step, "stack"), Task(step, cause));
            await _ledger.Put(TaskRecord.Key(new($"of-{step}"), step, "stack"), Task(step, cause) with { Deployment = new($"of-{step}") });
        }

        var page = await _desk.DynamoDB.QueryAsync(
            new QueryRequest
            {
                TableName = _desk.Settings.Table,
                KeyConditionExpression = "pk = :pk",
                ExpressionAttributeValues = new() { [":pk"] = new(TaskRecord.All(new("one")).Partition) },
            },
            TestContext.Current.CancellationToken
        );
        (2 * page.Items.Count).ShouldBeLessThan(steps.Count, "the records fill at least three pages");

        (await _ledger.Query(TaskRecord.All(new("one")))).Select(task => task.Step).ShouldBe(steps);
        var scanned = await _ledger.Scan(new LedgerScan<TaskRecord>("DEPLOYMENT#", "STEP#", TaskRecord.All(new("one")).Json));
        scanned.Count.ShouldBe(2 * steps.Count);
        scanned.Select(task => task.Step).Distinct().Order(StringComparer.Ordinal).ShouldBe(steps);
    }

    private static TaskRecord Task(string step, string cause) =>
        new()
        {
            Deployment = new("one"),
            Step = step,
            Task = "stack",
            Kind = "stack",
            Cause = cause,
        };

    private IAmazonS3 Bucket() =>
        LockSchedule.Proxy<IAmazonS3>.For(
            (_, arguments) =>
            {
                if (arguments[0] is PutObjectRequest put)
                {
                    _objects[put.Key] = put.ContentBody;
                    return System.Threading.Tasks.Task.FromResult(new PutObjectResponse());
                }

                var stream = new MemoryStream(Encoding.UTF8.GetBytes(_objects[(string)arguments[1]!]));
                return System.Threading.Tasks.Task.FromResult(new GetObjectResponse { ResponseStream = stream });
            }
        );
}
