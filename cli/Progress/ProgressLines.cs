using Deployer.Cli.Output;

namespace Deployer.Cli.Progress;

/// <summary>Progress for a pipe, a file or a log: a line, with the simulated time, for each thing that begins and ends.</summary>
internal sealed class ProgressLines(Screen screen) : IProgressView
{
    private const int TimeWidth = 8;

    /// <summary>
    /// What runs is named again after so long, since runners of CI end a job that has written nothing for ten minutes;
    /// https://support.circleci.com/hc/en-us/articles/360007188574
    /// </summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TimeSpan At, string Task, string? Resource)> _running = new(StringComparer.Ordinal);
    private TimeSpan _written;

    /// <inheritdoc/>
    public void Report(ProgressEvent happened)
    {
        lock (_lock)
        {
            switch (happened)
            {
                case ProgressEvent.TimePassed passed:
                    ShowRunning(passed.At);
                    return;
                case ProgressEvent.AccountsOpened:
                    return;
            }

            Note(happened);
            var (at, text) = Line(happened);
            _written = at ?? _written;
            screen.Line($"{(at is { } time ? SimulatedTime.Text(time) : string.Empty), TimeWidth}  {text}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Names what runs, and for how long it has, once nothing was written for a while.</summary>
    private void ShowRunning(TimeSpan now)
    {
        if (now - _written < LongestSilence || _running.Count == 0)
        {
            return;
        }

        _written = now;
        foreach (var (step, (began, task, resource)) in _running.OrderBy(step => step.Value.At))
        {
            var what = resource is null ? task : $"{task}: {resource}";
            screen.Line($"{SimulatedTime.Text(now), TimeWidth}  {step}: {what}, for {SimulatedTime.Text(now - began)}");
        }
    }

    private void Note(ProgressEvent happened)
    {
        switch (happened)
        {
            case ProgressEvent.TaskBegan began:
                _running[began.Step] = (began.At, began.Task, null);
                break;
            case ProgressEvent.TaskWaits waits when _running.TryGetValue(waits.Step, out var running):
                _running[waits.Step] = running with { Resource = waits.Resource };
                break;
            case ProgressEvent.StepEnded ended:
                _running.Remove(ended.Step);
                break;
            case ProgressEvent.ExecutionEnded:
                _running.Clear();
                break;
        }
    }

    private static (TimeSpan? At, string Text) Line(ProgressEvent happened) =>
        happened switch
        {
            ProgressEvent.WorkBegan began => (null, began.Work),
            ProgressEvent.WorkEnded ended => (null, ended.Result),
            ProgressEvent.ExecutionBegan began => (
                began.At,
                $"execution {began.Execution} {began.Beginning.ToString().ToLowerInvariant()}"
            ),
            ProgressEvent.StepsOrdered { Steps: [] } planned => (planned.At, "no step has anything to do"),
            ProgressEvent.StepsOrdered planned => (planned.At, $"steps: {string.Join(", ", planned.Steps)}"),
            ProgressEvent.TaskBegan began => (began.At, $"{began.Step}: {began.Task}"),
            ProgressEvent.TaskWaits waits => (waits.At, $"{waits.Step}: waits for {waits.Resource}"),
            ProgressEvent.StepEnded ended => (ended.At, $"{ended.Step}: {ended.End.ToString().ToLowerInvariant()}"),
            ProgressEvent.ExecutionEnded ended => (ended.At, $"execution {ended.End.Word()}"),
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };
}
