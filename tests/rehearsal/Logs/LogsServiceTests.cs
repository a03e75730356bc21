using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Deployer.Rehearsal.Logs;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.Logs;

public sealed class LogsServiceTests : IAsyncDisposable
{
    private static readonly long Start0 = Epoch.Start.ToUnixTimeMilliseconds();
    private TestAws _aws = null!;

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Events_are_found_by_pattern_stream_and_time()
    {
        using var logs = await Start();
        await logs.CreateLogGroupAsync(new CreateLogGroupRequest { LogGroupName = "datomic-dev" });
        await logs.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = "datomic-dev", LogStreamName = "i-1" });
        await logs.CreateLogStreamAsync(new CreateLogStreamRequest { LogGroupName = "datomic-dev", LogStreamName = "i-2" });
        await Put(logs, "i-1", (10, """{"Type":"Alert","Msg":"a"}"""), (30, """{"Type":"Event","Msg":"b"}"""));
        await Put(logs, "i-2", (20, """{"Type":"Alert","Msg":"c"}"""));

        (await Filter(new() { FilterPattern = "{ $.Type = \"Alert\" }" })).ShouldBe([10, 20]);
        (await Filter(new() { LogStreamNames = ["i-2"] })).ShouldBe([20]);
        (await Filter(new() { LogStreamNamePrefix = "i-1" })).ShouldBe([10, 30]);
        (await Filter(new() { StartTime = Start0 + 20, EndTime = Start0 + 30 })).ShouldBe([20, 30]);
        (await Filter(new() { FilterPattern = "Alert" })).ShouldBe([10, 20]);

        async Task<IEnumerable<long>> Filter(FilterLogEventsRequest request)
        {
            request.LogGroupName = "datomic-dev";
            return (await logs.FilterLogEventsAsync(request)).Events.Select(@event => @event.Timestamp!.Value - Start0);
        }
    }

    [Fact]
    public async Task Found_events_come_page_by_page()
    {
        using var logs = await Start();
        await _aws.World.Do(() => new LogStore(_aws.World).Append(TestAws.Tools, "us-east-1", "g", "s", ["one", "two", "three"]));

        var first = await logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = "g", Limit = 2 });
        first.Events.Select(@event => @event.Message).ShouldBe(["one", "two"]);
        var second = await logs.FilterLogEventsAsync(
            new FilterLogEventsRequest
            {
                LogGroupName = "g",
                Limit = 2,
                NextToken = first.NextToken,
            }
        );
        second.Events.Select(@event => @event.Message).ShouldBe(["three"]);
        second.NextToken.ShouldBeNull();
    }

    [Fact]
    public async Task A_stream_is_read_from_either_end()
    {
        using var logs = await Start();
        await _aws.World.Do(() => new LogStore(_aws.World).Append(TestAws.Tools, "us-east-1", "g", "s", ["one", "two", "three"]));

        var newest = await logs.GetLogEventsAsync(
            new GetLogEventsRequest
            {
                LogGroupName = "g",
                LogStreamName = "s",
                Limit = 2,
            }
        );
        newest.Events.Select(@event => @event.Message).ShouldBe(["two", "three"]);
        var older = await logs.GetLogEventsAsync(
            new GetLogEventsRequest
            {
                LogGroupName = "g",
                LogStreamName = "s",
                Limit = 2,
                NextToken = newest.NextBackwardToken,
            }
        );
        older.Events.Select(@event => @event.Message).ShouldBe(["one"]);
        var oldest = await logs.GetLogEventsAsync(
            new GetLogEventsRequest
            {
                LogGroupName = "g",
                LogStreamName = "s",
                StartFromHead = true,
                Limit = 1,
            }
        );
        oldest.Events.Select(@event => @event.Message).ShouldBe(["one"]);
        var end = await logs.GetLogEventsAsync(
            new GetLogEventsRequest
            {
                LogGroupName = "g",
                LogStreamName = "s",
                NextToken = newest.NextForwardToken,
            }
        );
        end.Events.ShouldBeEmpty();
        end.NextForwardToken.ShouldBe(newest.NextForwardToken);
    }

    [Fact]
    public async Task Groups_and_streams_are_described()
    {
        using var logs = await Start();
        await _aws.World.Do(() =>
        {
            var store = new LogStore(_aws.World);
            store.PutGroup(TestAws.Tools, "us-east-1", "a-1", retentionInDays: 14);
            store.Append(TestAws.Tools, "us-east-1", "a-2", "s", ["x"]);
            store.Append(TestAws.Prod, "us-east-1", "a-3", "s", ["x"]);
        });

        var groups = (await logs.DescribeLogGroupsAsync(new DescribeLogGroupsRequest { LogGroupNamePrefix = "a-" })).LogGroups;
        groups.Select(group => (group.LogGroupName, group.RetentionInDays)).ShouldBe([("a-1", 14), ("a-2", null)]);
        (await logs.DescribeLogStreamsAsync(new DescribeLogStreamsRequest { LogGroupName = "a-2" }))
            .LogStreams.ShouldHaveSingleItem()
            .LogStreamName.ShouldBe("s");
        await logs.DeleteLogGroupAsync(new DeleteLogGroupRequest { LogGroupName = "a-2" });
        await Should.ThrowAsync<ResourceNotFoundException>(
            logs.DescribeLogStreamsAsync(new DescribeLogStreamsRequest { LogGroupName = "a-2" })
        );
    }

    [Fact]
    public async Task A_pattern_that_cannot_be_read_is_refused()
    {
        using var logs = await Start();
        await _aws.World.Do(() => new LogStore(_aws.World).PutGroup(TestAws.Tools, "us-east-1", "g"));

        (
            await Should.ThrowAsync<InvalidParameterException>(
                logs.FilterLogEventsAsync(new FilterLogEventsRequest { LogGroupName = "g", FilterPattern = "[a, b]" })
            )
        ).Message.ShouldContain("space-delimited");
    }

    [Theory]
    [InlineData("arn:aws:logs:us-east-1:222222222222:log-group:datomic-*", true)]
    [InlineData("arn:aws:logs:us-east-1:222222222222:log-group:datomic-dev:*", true)]
    [InlineData("arn:aws:logs:us-east-1:222222222222:log-group:datomic-dev", false)]
    public async Task Permission_is_judged_on_the_group_with_its_streams(string resource, bool allowed)
    {
        await Start();
        await _aws.World.Do(() => new LogStore(_aws.World).PutGroup(TestAws.Tools, "us-east-1", "datomic-dev"));
        var session = await _aws.Session(
            TestAws.Tools,
            "reader",
            $$"""{"Effect":"Allow","Action":"logs:FilterLogEvents","Resource":"{{resource}}"}"""
        );
        using var logs = new AmazonCloudWatchLogsClient(session, _aws.Configure(new AmazonCloudWatchLogsConfig()));
        var request = new FilterLogEventsRequest { LogGroupName = "datomic-dev" };

        if (allowed)
        {
            (await logs.FilterLogEventsAsync(request)).Events.ShouldBeEmpty();
        }
        else
        {
            (await Should.ThrowAsync<AmazonCloudWatchLogsException>(logs.FilterLogEventsAsync(request))).ErrorCode.ShouldBe(
                "AccessDeniedException"
            );
        }
    }

    private static Task Put(IAmazonCloudWatchLogs logs, string stream, params (int Offset, string Message)[] events) =>
        logs.PutLogEventsAsync(
            new PutLogEventsRequest
            {
                LogGroupName = "datomic-dev",
                LogStreamName = stream,
                LogEvents =
                [
                    .. events.Select(@event => new InputLogEvent
                    {
                        Timestamp = Epoch.Start.AddMilliseconds(@event.Offset).UtcDateTime,
                        Message = @event.Message,
                    }),
                ],
            }
        );

    private async Task<AmazonCloudWatchLogsClient> Start()
    {
        _aws = await TestAws.Start(world => new LogsService(new LogStore(world)));
        return new AmazonCloudWatchLogsClient(TestAws.Root(TestAws.Tools), _aws.Configure(new AmazonCloudWatchLogsConfig()));
    }
}
