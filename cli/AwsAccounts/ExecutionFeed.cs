using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Deployer.Cli.AwsAccounts;

/// <summary>The events of an execution, each once, as Step Functions records them.</summary>
/// <param name="stepFunctions">The deployer's account.</param>
/// <param name="execution">The execution's ARN.</param>
/// <param name="redrives">
/// How often it has been redriven, as was seen: a history that lacks the last redrive is an older one, since it is eventually consistent.
/// </param>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html</remarks>
internal sealed class ExecutionFeed(IAmazonStepFunctions stepFunctions, string execution, int redrives)
{
    private const int PageSize = 200;

    private long _last;
    private int _redriven;
    private bool _ended;

    /// <summary>When the execution was started, before any redrive; <see langword="null"/> until its first event is known.</summary>
    public DateTimeOffset? Started { get; private set; }

    /// <summary>When the present run of the execution began; <see langword="null"/> until its first event is known.</summary>
    public DateTimeOffset? Began { get; private set; }

    /// <summary>When the last event happened.</summary>
    public DateTimeOffset? LastEvent { get; private set; }

    /// <summary>Whether the events reach into the present run of the execution.</summary>
    public bool IsCurrent => Began is not null && _redriven >= redrives;

    /// <summary>Whether the execution has closed.</summary>
    public bool IsClosed => _ended && IsCurrent;

    /// <summary>The events since the last time, in their order.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> Next(CancellationToken cancellation)
    {
        var events = new List<HistoryEvent>();
        string? token = null;
        do
        {
            var page = await stepFunctions.GetExecutionHistoryAsync(
                new GetExecutionHistoryRequest
                {
                    ExecutionArn = execution,
                    IncludeExecutionData = true,
                    MaxResults = PageSize,
                    ReverseOrder = true,
                    NextToken = token,
                },
                cancellation
            );
            var fresh = (page.Events ?? []).Where(happened => happened.Id > _last).ToList();
            events.AddRange(fresh);
            // The newest come first: what follows an event that is known is known.
            token = fresh.Count == page.Events?.Count ? page.NextToken : null;
        } while (!string.IsNullOrEmpty(token));
        var ordered = events.DistinctBy(happened => happened.Id).OrderBy(happened => happened.Id).ToList();
        ordered.ForEach(Note);
        return ordered;
    }

    private void Note(HistoryEvent happened)
    {
        _last = happened.Id ?? _last;
        LastEvent = new DateTimeOffset(happened.Timestamp!.Value.ToUniversalTime());
        _ended =
            happened.Type == HistoryEventType.ExecutionSucceeded
            || happened.Type == HistoryEventType.ExecutionFailed
            || happened.Type == HistoryEventType.ExecutionAborted
            || happened.Type == HistoryEventType.ExecutionTimedOut;
        if (happened.Type == HistoryEventType.ExecutionRedriven)
        {
            _redriven++;
        }

        if (happened.Type == HistoryEventType.ExecutionStarted || happened.Type == HistoryEventType.ExecutionRedriven)
        {
            Began = LastEvent;
            Started ??= LastEvent;
        }
    }
}
