using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;

namespace Deployer.Functions.Accounts;

/// <summary>The end of a log stream.</summary>
/// <param name="Last">Its last events, the newest last; none when they could not be read.</param>
/// <param name="Problem">Why they could not be read, for a cause; <see langword="null"/> when they were.</param>
public sealed record LogTail(IReadOnlyList<OutputLogEvent> Last, string? Problem = null)
{
    // A stream with so many pages of nothing is silent.
    private const int MostPages = 10;

    // Of lines that are left out, such as a heartbeat every five seconds, there are many more than of others.
    private const int PageAmongOthers = 100;

    /// <summary>The last events of a stream, the newest last.</summary>
    /// <remarks>
    /// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html: "This operation can return empty results
    /// while there are more log events available through the token", and at the end of the stream it answers the token that it was given.
    /// </remarks>
    /// <param name="logs">The service.</param>
    /// <param name="group">The log group.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many are asked for at once.</param>
    /// <param name="isEnough">
    /// Whether no earlier ones are needed; with <see langword="null"/> as many as the limit are.
    /// </param>
    /// <exception cref="Amazon.CloudWatchLogs.Model.ResourceNotFoundException">There is no such stream.</exception>
    public static async Task<IReadOnlyList<OutputLogEvent>> Events(
        IAmazonCloudWatchLogs logs,
        string group,
        string stream,
        int limit,
        Func<IReadOnlyList<OutputLogEvent>, bool>? isEnough = null
    )
    {
        List<OutputLogEvent> events = [];
        var token = (string?)null;
        for (var page = 0; page < MostPages; page++)
        {
            var read = await logs.GetLogEventsAsync(
                new GetLogEventsRequest
                {
                    LogGroupName = group,
                    LogStreamName = stream,
                    Limit = isEnough is null ? limit - events.Count : limit,
                    StartFromHead = false,
                    NextToken = token,
                }
            );
            events = [.. read.Events ?? [], .. events];
            var isAtEnd = read.NextBackwardToken is null || read.NextBackwardToken == token;
            if (isAtEnd || (isEnough is null ? events.Count >= limit : isEnough(events)))
            {
                break;
            }

            token = read.NextBackwardToken;
        }

        return events;
    }

    /// <summary>The last events of a stream that explain a failure, which is one without them, too.</summary>
    /// <param name="logs">The service.</param>
    /// <param name="group">The log group.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="isRoutine">
    /// Which lines explain nothing, and those before them are looked for; <see langword="null"/> for none.
    /// </param>
    public static async Task<LogTail> Explain(
        IAmazonCloudWatchLogs logs,
        string group,
        string stream,
        int limit,
        Func<string, bool>? isRoutine = null
    )
    {
        try
        {
            return isRoutine is null
                ? new LogTail(await Events(logs, group, stream, limit))
                : new LogTail([
                    .. (await Events(logs, group, stream, PageAmongOthers, events => events.Count(Explains) >= limit))
                        .Where(Explains)
                        .TakeLast(limit),
                ]);
        }
        catch (ResourceNotFoundException)
        {
            return new LogTail([], $"log {group} has no stream {stream}");
        }
        catch (AmazonCloudWatchLogsException exception) when (exception.ErrorCode == "AccessDeniedException")
        {
            return new LogTail([], $"log {group} could not be read: allow logs:GetLogEvents");
        }

        bool Explains(OutputLogEvent line) => isRoutine?.Invoke(line.Message) != true;
    }
}
