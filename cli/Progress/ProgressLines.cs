using Deployer.Cli.Output;

namespace Deployer.Cli.Progress;

/// <summary>Progress for a pipe, a file or a log: a line, with the simulated time, for each thing that begins and ends.</summary>
internal sealed class ProgressLines(Screen screen) : IProgressView
{
    private const int TimeWidth = 8;
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Report(ProgressEvent happened)
    {
        lock (_lock)
        {
            var (at, text) = Line(happened);
            screen.Line($"{(at is { } time ? SimulatedTime.Text(time) : string.Empty), TimeWidth}  {text}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static (TimeSpan? At, string Text) Line(ProgressEvent happened) =>
        happened switch
        {
            ProgressEvent.WorkBegan began => (null, began.Work),
            ProgressEvent.WorkEnded ended => (null, ended.Result),
            ProgressEvent.ExecutionBegan began => (began.At, $"execution {began.Execution} {(began.IsRedrive ? "redriven" : "started")}"),
            ProgressEvent.StepsPlanned { Steps: [] } planned => (planned.At, "no step has anything to do"),
            ProgressEvent.StepsPlanned planned => (planned.At, $"steps: {string.Join(", ", planned.Steps)}"),
            ProgressEvent.TaskBegan began => (began.At, $"{began.Step}: {began.Task}"),
            ProgressEvent.StepEnded ended => (ended.At, $"{ended.Step}: {ended.End.ToString().ToLowerInvariant()}"),
            ProgressEvent.ExecutionEnded ended => (ended.At, $"execution {ended.End.Word()}"),
            _ => throw new ArgumentOutOfRangeException(nameof(happened)),
        };
}
