using Deployer.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Deployer.Cli.Progress;

/// <summary>What is being done, and a row for each step with its task and its time.</summary>
/// <param name="hasColors">Whether marks are coloured.</param>
/// <param name="isSimulated">Whether the times are simulated, which is said then.</param>
internal sealed class ProgressTable(bool hasColors, bool isSimulated = true)
{
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly List<Row> _rows = [];
    private string _work = "starting";
    private TimeSpan? _now;
    private int _frame;

    /// <summary>Takes what happened.</summary>
    public void Add(ProgressEvent happened)
    {
        switch (happened)
        {
            case ProgressEvent.WorkBegan began:
                _work = began.Work;
                break;
            case ProgressEvent.WorkEnded ended:
                _work = ended.Result;
                break;
            case ProgressEvent.ExecutionBegan { Beginning: ExecutionBeginning.Started } began:
                // The steps of another one, which an earlier run had begun, are over.
                _rows.Clear();
                (_now, _work) = (began.At, began.Work);
                break;
            case ProgressEvent.ExecutionBegan began:
                (_now, _work) = (began.At, began.Work);
                break;
            case ProgressEvent.StepsOrdered planned:
                _now = planned.At;
                planned.Steps.ToList().ForEach(step => RowOf(step));
                break;
            case ProgressEvent.TaskBegan began:
                _now = began.At;
                var running = RowOf(began.Step);
                (running.Task, running.Resource, running.Began, running.End) = (began.Task, null, running.Began ?? began.At, null);
                break;
            case ProgressEvent.TaskWaits waits:
                (_now, RowOf(waits.Step).Resource) = (waits.At, waits.Resource);
                break;
            case ProgressEvent.StepEnded ended:
                _now = ended.At;
                var row = RowOf(ended.Step);
                (row.End, row.Ended) = (ended.End, ended.At);
                break;
            case ProgressEvent.TimePassed passed:
                _now = passed.At;
                break;
            case ProgressEvent.ExecutionEnded ended:
                (_now, _work) = (ended.At, $"{ended.End.Word()}; reading the result");
                break;
        }
    }

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

    /// <summary>The picture of now; each one moves the spinner on.</summary>
    /// <param name="columns">Columns for the picture; the first line is one line in it, however long what is being done.</param>
    public IRenderable Draw(int columns)
    {
        _frame = (_frame + 1) % Spinner.Length;
        var time = _now is { } now ? $" {SimulatedTime.Text(now)}{(isSimulated ? " simulated" : string.Empty)}" : string.Empty;
        var title = new Text($"{Spinner[_frame]} {Fitting(_work, columns - time.Length - "⠋ ".Length)}{time}");
        if (_rows.Count == 0)
        {
            // Never one line alone: Spectre.Console 0.49.1 goes up by none to draw it again, which terminals take for one
            // (https://github.com/spectreconsole/spectre.console/pull/2103), and what stood above is overwritten.
            return new Rows(title, new Text(" "));
        }

        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns(string.Empty, string.Empty, string.Empty, string.Empty);
        table.Columns[3].RightAligned();
        foreach (var row in _rows)
        {
            var (mark, color, text) = State(row);
            table.AddRow(
                new Text(mark, hasColors ? new Style(color) : null),
                new Text(row.Step) { Overflow = Overflow.Ellipsis },
                new Text(text) { Overflow = Overflow.Ellipsis },
                new Text(row.Began is { } began ? SimulatedTime.Text((row.Ended ?? _now ?? began) - began) : string.Empty)
            );
        }

        return new Rows(title, table);
    }

    private static string Fitting(string text, int columns) => text.Length <= columns ? text : $"{text[..Math.Max(0, columns - 1)]}…";

    private (string Mark, Color Color, string Text) State(Row row) =>
        row switch
        {
            { End: StepEnd.Succeeded or StepEnd.Planned } => ("✓", Color.Green, string.Empty),
            { End: StepEnd.Failed } => ("✗", Color.Red, "failed"),
            { End: StepEnd.Stopped } => ("-", Color.Yellow, "stopped"),
            { Task: { } task } => (Spinner[_frame], Color.Blue, row.Resource is { } resource ? $"{task}: {resource}" : task),
            _ => ("·", Color.Default, "not started"),
        };

    private sealed class Row(string step)
    {
        public string Step { get; } = step;

        public string? Task { get; set; }

        public string? Resource { get; set; }

        public TimeSpan? Began { get; set; }

        public TimeSpan? Ended { get; set; }

        public StepEnd? End { get; set; }
    }
}
