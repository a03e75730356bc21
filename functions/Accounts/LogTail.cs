using Amazon.CloudWatchLogs;
using Amazon.CloudWatchLogs.Model;

namespace Deployer.Functions.Accounts;

/// <summary>The end of a log stream.</summary>
/// <param name="Last">Its last events, the newest last; none when they could not be read.</param>
/// <param name="Problem">Why they could not be read, for a cause; <see langword="null"/> when they were.</param>
public sealed record LogTail(IReadOnlyList<OutputLogEvent> Last, string? Problem = null)
{
    /// <summary>The last events of a stream.</summary>
    /// <param name="logs">The service.</param>
    /// <param name="group">The log group.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="Amazon.CloudWatchLogs.Model.ResourceNotFoundException">There is no such stream.</exception>
    public static async Task<IReadOnlyList<OutputLogEvent>> Events(IAmazonCloudWatchLogs logs, string group, string stream, int limit)
    {
        var read = await logs.GetLogEventsAsync(
            new GetLogEventsRequest
            {
                LogGroupName = group,
                LogStreamName = stream,
                Limit = limit,
                StartFromHead = false,
            }
        );
        return read.Events ?? [];
    }

    /// <summary>The last events of a stream that explain a failure, which is one without them, too.</summary>
    /// <inheritdoc cref="Events(IAmazonCloudWatchLogs, string, string, int)"/>
    public static async Task<LogTail> Explain(IAmazonCloudWatchLogs logs, string group, string stream, int limit)
    {
        try
        {
            return new LogTail(await Events(logs, group, stream, limit));
        }
        catch (ResourceNotFoundException)
        {
            return new LogTail([], $"log {group} has no stream {stream}");
        }
        catch (AmazonCloudWatchLogsException exception) when (exception.ErrorCode == "AccessDeniedException")
        {
            return new LogTail([], $"log {group} could not be read: allow logs:GetLogEvents");
        }
    }
}
