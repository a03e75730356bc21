using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;
using Deployer.Rehearsal.Logs.Filters;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Logs;

/// <summary>CloudWatch Logs' API.</summary>
public sealed partial class LogsService : ModelService
{
    private const int EventsPerPage = 10_000;
    private const int NamesPerPage = 50;
    private readonly LogStore _store;

    /// <summary>The service over a world's logs.</summary>
    public LogsService(LogStore store)
        : base(CloudWatchLogsModel.Service)
    {
        _store = store;
        On<CreateLogGroupRequest, CreateLogGroupResponse>(
            "CreateLogGroup",
            CreateLogGroup,
            (call, request) => [Arn(call, request.LogGroupName)]
        );
        On<DeleteLogGroupRequest, DeleteLogGroupResponse>(
            "DeleteLogGroup",
            DeleteLogGroup,
            (call, request) => [Arn(call, request.LogGroupName)]
        );
        On<DescribeLogGroupsRequest, DescribeLogGroupsResponse>(
            "DescribeLogGroups",
            DescribeLogGroups,
            (call, _) => [Arn(call, string.Empty)]
        );
        On<CreateLogStreamRequest, CreateLogStreamResponse>(
            "CreateLogStream",
            CreateLogStream,
            (call, request) => [Arn(call, request.LogGroupName, request.LogStreamName)]
        );
        On<DescribeLogStreamsRequest, DescribeLogStreamsResponse>(
            "DescribeLogStreams",
            DescribeLogStreams,
            (call, request) => [Arn(call, request.LogGroupName ?? request.LogGroupIdentifier)]
        );
        On<PutLogEventsRequest, PutLogEventsResponse>(
            "PutLogEvents",
            PutLogEvents,
            (call, request) => [Arn(call, request.LogGroupName, request.LogStreamName)]
        );
        On<GetLogEventsRequest, GetLogEventsResponse>(
            "GetLogEvents",
            GetLogEvents,
            (call, request) => [Arn(call, request.LogGroupName ?? request.LogGroupIdentifier, request.LogStreamName)]
        );
        On<FilterLogEventsRequest, FilterLogEventsResponse>(
            "FilterLogEvents",
            FilterLogEvents,
            (call, request) => [Arn(call, request.LogGroupName ?? request.LogGroupIdentifier)]
        );
    }

    /// <summary>
    /// What AWS compares policies with: the group's ARN with a stream, empty where the request has none. That is why a
    /// policy must end in <c>:*</c>.
    /// </summary>
    private static string Arn(Call call, string? groupOrArn, string stream = "") =>
        groupOrArn?.StartsWith("arn:", StringComparison.Ordinal) == true
            ? $"{TrimStar(groupOrArn)}:log-stream:{stream}"
            : $"arn:aws:logs:{call.Region}:{call.Account}:log-group:{groupOrArn ?? "*"}:log-stream:{stream}";

    private static string TrimStar(string arn) => arn.EndsWith(":*", StringComparison.Ordinal) ? arn[..^2] : arn;

    private LogGroup Group(Call call, string? name, string? identifier = null)
    {
        if (name is null == identifier is null)
        {
            throw Invalid("Exactly one of logGroupName and logGroupIdentifier must be specified.");
        }

        var found = (name ?? identifier!).Split(':') is ["arn", _, "logs", var region, var account, "log-group", var named, ..]
            ? _store.Find(account, region, named)
            : _store.Find(call.Account, call.Region, name ?? identifier!);
        return found ?? throw new ApiException("ResourceNotFoundException", "The specified log group does not exist.");
    }

    private CreateLogGroupResponse CreateLogGroup(Call call, CreateLogGroupRequest request)
    {
        SimulatedMembers.Only(request, "LogGroupName", "Tags");
        // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
        if (request.LogGroupName is not { Length: >= 1 and <= 512 } name || !GroupName().IsMatch(name))
        {
            throw Invalid(
                $"1 validation error detected: Value '{request.LogGroupName}' at 'logGroupName' failed to satisfy constraint: Member must "
                    + @"satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+"
            );
        }

        if (name.StartsWith("aws/", StringComparison.Ordinal))
        {
            throw Invalid("Log groups starting with AWS/ are reserved for AWS.");
        }

        if (_store.Find(call.Account, call.Region, request.LogGroupName) is not null)
        {
            throw new ApiException("ResourceAlreadyExistsException", "The specified log group already exists");
        }

        _store.PutGroup(call.Account, call.Region, request.LogGroupName, tags: request.Tags);
        return new CreateLogGroupResponse();
    }

    private DeleteLogGroupResponse DeleteLogGroup(Call call, DeleteLogGroupRequest request)
    {
        _store.DeleteGroup(Group(call, request.LogGroupName));
        return new DeleteLogGroupResponse();
    }

    private DescribeLogGroupsResponse DescribeLogGroups(Call call, DescribeLogGroupsRequest request)
    {
        SimulatedMembers.Only(request, "LogGroupNamePrefix", "NextToken", "Limit");
        var (page, next) = Pages.ByPosition(
            _store
                .Groups(call.Account, call.Region)
                .Where(group => group.Name.StartsWith(request.LogGroupNamePrefix ?? "", StringComparison.Ordinal)),
            group => group.Name,
            request.NextToken,
            request.Limit ?? NamesPerPage
        );
        return new DescribeLogGroupsResponse
        {
            LogGroups =
            [
                .. page.Select(group => new Amazon.CloudWatchLogs.Model.LogGroup
                {
                    LogGroupName = group.Name,
                    CreationTime = group.Created.UtcDateTime,
                    RetentionInDays = group.RetentionInDays,
                    Arn = group.Arn + ":*",
                    LogGroupArn = group.Arn,
                }),
            ],
            NextToken = next,
        };
    }

    private CreateLogStreamResponse CreateLogStream(Call call, CreateLogStreamRequest request) =>
        _store.AddStream(Group(call, request.LogGroupName), request.LogStreamName)
            ? new CreateLogStreamResponse()
            : throw new ApiException("ResourceAlreadyExistsException", "The specified log stream already exists");

    private DescribeLogStreamsResponse DescribeLogStreams(Call call, DescribeLogStreamsRequest request)
    {
        SimulatedMembers.Only(request, "LogGroupName", "LogGroupIdentifier", "LogStreamNamePrefix", "NextToken", "Limit");
        var group = Group(call, request.LogGroupName, request.LogGroupIdentifier);
        var (page, next) = Pages.ByPosition(
            _store.Streams(group).Where(stream => stream.Name.StartsWith(request.LogStreamNamePrefix ?? "", StringComparison.Ordinal)),
            stream => stream.Name,
            request.NextToken,
            request.Limit ?? NamesPerPage
        );
        return new DescribeLogStreamsResponse
        {
            LogStreams =
            [
                .. page.Select(stream => new Amazon.CloudWatchLogs.Model.LogStream
                {
                    LogStreamName = stream.Name,
                    CreationTime = stream.Created.UtcDateTime,
                    FirstEventTimestamp = stream.FirstEvent?.UtcDateTime,
                    LastEventTimestamp = stream.LastEvent?.UtcDateTime,
                    Arn = $"{group.Arn}:log-stream:{stream.Name}",
                }),
            ],
            NextToken = next,
        };
    }

    private PutLogEventsResponse PutLogEvents(Call call, PutLogEventsRequest request)
    {
        var group = Group(call, request.LogGroupName);
        Stream(group, request.LogStreamName);
        _store.Append(
            group,
            request.LogStreamName,
            [.. request.LogEvents.Select(@event => (Time(@event.Timestamp!.Value), @event.Message))]
        );
        return new PutLogEventsResponse
        {
            NextSequenceToken = (group.NextEvent + request.LogEvents.Count).ToString("D56", CultureInfo.InvariantCulture),
        };
    }

    private GetLogEventsResponse GetLogEvents(Call call, GetLogEventsRequest request)
    {
        var group = Group(call, request.LogGroupName, request.LogGroupIdentifier);
        Stream(group, request.LogStreamName);
        var all = _store
            .Events(group)
            .Where(@event => @event.Stream == request.LogStreamName)
            .Where(@event => request.StartTime is not { } start || @event.Time >= Time(start))
            .Where(@event => request.EndTime is not { } end || @event.Time < Time(end))
            .ToList();
        var limit = request.Limit ?? EventsPerPage;
        var (forward, position) = request.NextToken is { } token
            ? (token.StartsWith("f/", StringComparison.Ordinal), token[2..])
            : (request.StartFromHead ?? false, null);
        var page = forward
            ? all.Where(@event => position is null || string.CompareOrdinal(@event.Position, position) > 0).Take(limit).ToList()
            : all.Where(@event => position is null || string.CompareOrdinal(@event.Position, position) < 0).TakeLast(limit).ToList();

        // At either end AWS answers the token that it was given.
        return new GetLogEventsResponse
        {
            Events =
            [
                .. page.Select(@event => new OutputLogEvent
                {
                    Timestamp = @event.Time.UtcDateTime,
                    IngestionTime = @event.Ingested.UtcDateTime,
                    Message = @event.Message,
                }),
            ],
            NextForwardToken = "f/" + (page.Count > 0 ? page[^1].Position : position),
            NextBackwardToken = "b/" + (page.Count > 0 ? page[0].Position : position),
        };
    }

    private FilterLogEventsResponse FilterLogEvents(Call call, FilterLogEventsRequest request)
    {
        SimulatedMembers.Only(
            request,
            "LogGroupName",
            "LogGroupIdentifier",
            "LogStreamNames",
            "LogStreamNamePrefix",
            "StartTime",
            "EndTime",
            "FilterPattern",
            "NextToken",
            "Limit",
            "Interleaved"
        );
        if (request is { LogStreamNames.Count: > 0, LogStreamNamePrefix: not null })
        {
            throw Invalid("logStreamNames and logStreamNamePrefix cannot both be specified.");
        }

        var group = Group(call, request.LogGroupName, request.LogGroupIdentifier);
        var pattern = Pattern(request.FilterPattern ?? string.Empty);
        var (page, next) = Pages.ByPosition(
            _store
                .Events(group)
                .Where(@event => request.LogStreamNames is not { Count: > 0 } names || names.Contains(@event.Stream))
                .Where(@event => @event.Stream.StartsWith(request.LogStreamNamePrefix ?? string.Empty, StringComparison.Ordinal))
                .Where(@event => @event.Time.ToUnixTimeMilliseconds() >= (request.StartTime ?? 0))
                .Where(@event => @event.Time.ToUnixTimeMilliseconds() <= (request.EndTime ?? long.MaxValue))
                .Where(@event => pattern.Matches(@event.Message)),
            @event => @event.Position,
            request.NextToken,
            request.Limit ?? EventsPerPage
        );
        return new FilterLogEventsResponse
        {
            Events =
            [
                .. page.Select(@event => new FilteredLogEvent
                {
                    LogStreamName = @event.Stream,
                    Timestamp = @event.Time.ToUnixTimeMilliseconds(),
                    IngestionTime = @event.Ingested.ToUnixTimeMilliseconds(),
                    Message = @event.Message,
                    EventId = @event.Number.ToString("D56", CultureInfo.InvariantCulture),
                }),
            ],
            SearchedLogStreams = [],
            NextToken = next,
        };
    }

    private void Stream(LogGroup group, string name)
    {
        if (!_store.Streams(group).Any(stream => stream.Name == name))
        {
            throw new ApiException("ResourceNotFoundException", "The specified log stream does not exist.");
        }
    }

    private static FilterPattern Pattern(string text)
    {
        try
        {
            return FilterPattern.Parse(text);
        }
        catch (FormatException exception)
        {
            throw Invalid(exception.Message);
        }
    }

    private static DateTimeOffset Time(DateTime time) => new(time.ToUniversalTime());

    private static ApiException Invalid(string message) => new("InvalidParameterException", message);

    [GeneratedRegex(@"^[.\-_/#A-Za-z0-9]+\z")]
    private static partial Regex GroupName();
}
