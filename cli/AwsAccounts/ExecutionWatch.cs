using System.Diagnostics;
using Amazon.StepFunctions.Model;
using Deployer.Cli.Output;
using Deployer.Cli.Places;
using Deployer.Cli.Progress;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.AwsAccounts;

/// <summary>When an execution began, redriven or not, and when it ended.</summary>
internal sealed record SeenRun(DateTimeOffset Began, DateTimeOffset Ended);

/// <summary>Watches an execution: what it does is shown as it happens. A network that is gone for a while ends nothing.</summary>
/// <param name="tools">The deployer's account.</param>
/// <param name="stage">The deployer's stage.</param>
/// <param name="execution">The execution's ARN.</param>
/// <param name="faults">What a person can mend.</param>
/// <param name="progress">Where it is shown.</param>
internal sealed class ExecutionWatch(AccountClients tools, string stage, string execution, AwsFaults faults, IProgressView progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.5);

    /// <summary>Longer than a laptop takes to find another network.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    /// <summary>An execution that was just started is described within seconds.</summary>
    private static readonly TimeSpan LongestUnknown = TimeSpan.FromSeconds(15);

    /// <summary>The execution as Step Functions describes it.</summary>
    /// <exception cref="InvalidInputException">There is none.</exception>
    public async Task<DescribeExecutionResponse> Describe(CancellationToken cancellation)
    {
        try
        {
            return await tools.StepFunctions.DescribeExecutionAsync(
                new DescribeExecutionRequest { ExecutionArn = execution },
                cancellation
            );
        }
        catch (ExecutionDoesNotExistException)
        {
            throw new InvalidInputException(
                "ExecutionDoesNotExist",
                $"there is no execution {execution}; 'deployer history' lists those that there are, up to 90 days after their end"
            );
        }
    }

    /// <summary>Shows what an execution does until it has closed.</summary>
    /// <param name="redrives">How often it has been redriven.</param>
    /// <param name="cancellation">Ends watching.</param>
    public async Task<SeenRun> ToEnd(int redrives, CancellationToken cancellation)
    {
        var feed = new ExecutionFeed(tools.StepFunctions, execution, redrives);
        var unshown = new List<TimelineEvent>();
        var waited = new WaitedResources(tools.Ledger(stage), new ExecutionArn(execution).Deployment);
        ExecutionProgress? shown = null;
        var (silence, sinceEvent) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        while (true)
        {
            try
            {
                var events = await feed.Next(cancellation);
                silence.Restart();
                if (events.Count > 0)
                {
                    sinceEvent.Restart();
                    unshown.AddRange(events.Select(TimelineEvent.From));
                }
            }
            catch (ExecutionDoesNotExistException) when (silence.Elapsed < LongestUnknown)
            {
                // Just started: reads of Step Functions are eventually consistent.
            }
            catch (Exception exception) when (silence.Elapsed < LongestSilence && IsPassing(exception, cancellation))
            {
                progress.Report(new ProgressEvent.WorkBegan("AWS does not answer; trying again"));
            }

            if (feed is { IsCurrent: true, Began: { } began, LastEvent: { } last })
            {
                shown ??= new ExecutionProgress(progress, began);
                var isNew = unshown.Count > 0;
                unshown.ForEach(happened => shown.Add(execution, happened));
                unshown.Clear();
                if (feed.IsClosed)
                {
                    return new SeenRun(feed.Started ?? began, last);
                }

                var now = last - began + sinceEvent.Elapsed;
                try
                {
                    foreach (var (step, resource) in await waited.Next(isNew, shown.IsRunning))
                    {
                        progress.Report(new ProgressEvent.TaskWaits(now, step, resource));
                    }
                }
                catch (Exception exception) when (IsPassing(exception, cancellation))
                {
                    // What is waited for adds to what the history says; the next look has it.
                }

                progress.Report(new ProgressEvent.TimePassed(now));
            }

            await Task.Delay(Interval, cancellation);
        }
    }

    private bool IsPassing(Exception exception, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && (faults.Explain(exception) is null or { Error: AwsFaults.Unreachable })
        && Failure.Translate(exception) is AwsUnavailableException;
}
