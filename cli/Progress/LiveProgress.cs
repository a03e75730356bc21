using Deployer.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Deployer.Cli.Progress;

/// <summary>Progress on a terminal: one table, drawn in place, that is gone when the result is shown.</summary>
internal sealed class LiveProgress : IProgressView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(120);
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly Lock _lock = new();
    private readonly List<Row> _rows = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;
    private readonly Screen _screen;
    private string _work = "starting";
    private TimeSpan? _now;
    private int _frame;

    /// <summary>Begins to draw.</summary>
    public LiveProgress(Screen screen)
    {
        _screen = screen;
        _drawing = screen.Console.Live(Draw()).AutoClear(enabled: true).StartAsync(Run);
    }

    /// <inheritdoc/>
    public void Report(ProgressEvent happened)
    {
        lock (_lock)
        {
            Apply(happened);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _drawing;
    }

    private async Task Run(LiveDisplayContext context)
    {
        while (await Task.WhenAny(_ended.Task, Task.Delay(Refresh)) != _ended.Task)
        {
            context.UpdateTarget(Draw());
        }
    }

    private void Apply(ProgressEvent happened)
    {
        switch (happened)
        {
            case ProgressEvent.WorkBegan began:
                _work = began.Work;
                break;
            case ProgressEvent.WorkEnded ended:
                _work = ended.Result;
                break;
            case ProgressEvent.ExecutionBegan began:
                (_now, _work) = (began.At, began.IsRedrive ? "redriving" : "deploying");
                break;
            case ProgressEvent.StepsPlanned planned:
                _now = planned.At;
                planned.Steps.ToList().ForEach(step => RowOf(step));
                break;
            case ProgressEvent.TaskBegan began:
                _now = began.At;
                var running = RowOf(began.Step);
                (running.Task, running.Began, running.End) = (began.Task, running.Began ?? began.At, null);
                break;
            case ProgressEvent.StepEnded ended:
                _now = ended.At;
                var row = RowOf(ended.Step);
                (row.End, row.Ended) = (ended.End, ended.At);
                break;
            case ProgressEvent.ExecutionEnded ended:
                (_now, _work) = (ended.At, $"{Word(ended.End)}; reading what runs");
                break;
        }
    }

    private static string Word(ExecutionEnd end) =>
        end switch
        {
            ExecutionEnd.Succeeded => "deployed",
            ExecutionEnd.Stopped => "stopped",
            ExecutionEnd.TimedOut => "timed out",
            _ => "failed",
        };

    private Row RowOf(string step)
    {
        if (_rows.Find(row => row.Step == step) is { } known)
        {
            return known;
        }

        var added = new Row(step);
        _rows.Add(added);
        return added;
    }

    private IRenderable Draw()
    {
        lock (_lock)
        {
            _frame = (_frame + 1) % Spinner.Length;
            var time = _now is { } now ? $" {SimulatedTime.Text(now)} simulated" : string.Empty;
            var title = new Text($"{Spinner[_frame]} {_work}{time}") { Overflow = Overflow.Ellipsis };
            if (_rows.Count == 0)
            {
                return title;
            }

            var table = new Table()
                .Border(TableBorder.None)
                .HideHeaders()
                .AddColumns(string.Empty, string.Empty, string.Empty, string.Empty);
            table.Columns[3].RightAligned();
            foreach (var row in _rows)
            {
                var (mark, color, text) = State(row);
                table.AddRow(
                    new Text(mark, _screen.HasColors ? new Style(color) : null),
                    new Text(row.Step) { Overflow = Overflow.Ellipsis },
                    new Text(text) { Overflow = Overflow.Ellipsis },
                    new Text(row.Began is { } began ? SimulatedTime.Text((row.Ended ?? _now ?? began) - began) : string.Empty)
                );
            }

            return new Rows(title, table);
        }
    }

    private (string Mark, Color Color, string Text) State(Row row) =>
        row switch
        {
            { End: StepEnd.Succeeded } => ("✓", Color.Green, string.Empty),
            { End: StepEnd.Failed } => ("✗", Color.Red, "failed"),
            { End: StepEnd.Stopped } => ("-", Color.Yellow, "stopped"),
            { Task: { } task } => (Spinner[_frame], Color.Blue, task),
            _ => ("·", Color.Default, "not started"),
        };

    private sealed class Row(string step)
    {
        public string Step { get; } = step;

        public string? Task { get; set; }

        public TimeSpan? Began { get; set; }

        public TimeSpan? Ended { get; set; }

        public StepEnd? End { get; set; }
    }
}
