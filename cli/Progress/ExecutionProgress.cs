using System.Text;
using Deployer.Functions.Accounts;
using Deployer.Functions.Ledger;

namespace Deployer.Cli.Progress;

/// <summary>
/// Reports what an execution does, from the events of its history as they are recorded: nothing is asked of AWS for it, so a run is the
/// same with and without it.
/// </summary>
/// <param name="view">Where it is shown.</param>
/// <param name="began">When the run began; what happened before is not shown.</param>
internal sealed class ExecutionProgress(IProgressView view, DateTimeOffset began)
{
    private readonly Dictionary<string, string> _tasks = new(StringComparer.Ordinal);
    private StepTimeline _timeline = new();
    private string? _execution;
    private string? _input;
    private bool _failed;
    private bool _isPast;
    private bool _isEarlier;

    // The first one that begins while an earlier one is shown, and what it has done so far.
    private readonly List<TimelineEvent> _unshown = [];
    private string? _behind;

    /// <summary>Begins in the midst of an execution that was interrupted: what runs of it then is shown, and all that follows.</summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="past">What has happened in it so far.</param>
    /// <param name="isEarlier">Whether it is another one than what is run, which is shown when this one has ended.</param>
    public void Continue(string execution, IEnumerable<TimelineEvent> past, bool isEarlier = false)
    {
        (_isPast, _isEarlier) = (true, isEarlier);
        foreach (var happened in past)
        {
            Add(execution, happened);
        }

        _isPast = false;
        var name = Last(execution, ':');
        view.Report(new ProgressEvent.ExecutionBegan(TimeSpan.Zero, name, "continuing", ExecutionBeginning.Continued) { Arn = execution });
        if (_timeline.Ordered is { } ordered)
        {
            view.Report(new ProgressEvent.StepsOrdered(TimeSpan.Zero, ordered));
        }

        foreach (var step in _timeline.Ends.Keys)
        {
            view.Report(new ProgressEvent.StepEnded(TimeSpan.Zero, step, EndOf(step)));
        }

        foreach (var (step, task) in _tasks.Where(task => IsRunning(task.Key)))
        {
            view.Report(new ProgressEvent.TaskBegan(TimeSpan.Zero, step, Words(task)));
        }
    }

    /// <summary>
    /// Takes the next event of an execution; only those of one execution of the deployer are shown, and of the next one where a pipeline
    /// tries again what has failed.
    /// </summary>
    /// <param name="execution">The execution's ARN.</param>
    /// <param name="happened">The event.</param>
    public void Add(string execution, TimelineEvent happened)
    {
        var begins = happened.Type is "ExecutionStarted" or "ExecutionRedriven";
        if (IsBehind(execution, begins))
        {
            _behind = execution;
            _unshown.Add(happened);
            return;
        }

        if (begins && (_execution is null ? IsDeployers(execution) : _execution == execution || IsTriedAgain(execution, happened)))
        {
            var beginning = happened.Type == "ExecutionRedriven" ? ExecutionBeginning.Redriven : ExecutionBeginning.Started;
            if (_execution != execution)
            {
                (_execution, _input, _timeline) = (execution, happened.Input, new StepTimeline());
            }

            // The task that is redriven is the one that was shown last.
            _tasks.Clear();
            _failed = false;
            var work =
                beginning == ExecutionBeginning.Redriven
                    ? "redriving"
                    : ExecutionWork.Words(new ExecutionArn(execution).Machine, happened.Input);
            Report(happened, new ProgressEvent.ExecutionBegan(At(happened), Last(execution, ':'), work, beginning) { Arn = execution });
        }
        else if (_execution == execution)
        {
            Show(happened);
        }
    }

    /// <summary>Whether a task of a step has begun, and the step has not ended.</summary>
    /// <param name="step">The step.</param>
    public bool IsRunning(string step) => _tasks.ContainsKey(step) && !_timeline.Ends.ContainsKey(step);

    private void Show(TimelineEvent happened)
    {
        var isOrdered = _timeline.Ordered is not null;
        _timeline.Add(happened);
        if (!isOrdered && _timeline.Ordered is { } ordered)
        {
            Report(happened, new ProgressEvent.StepsOrdered(At(happened), ordered));
        }

        if (_timeline.JustEnded is { } ended)
        {
            Report(happened, new ProgressEvent.StepEnded(At(happened), ended, EndOf(ended)));
        }
        else if (_timeline.JustNamed is { } step && happened.Type == "TaskScheduled" && StepTimeline.FunctionOf(happened) is { } function)
        {
            // A heartbeat that passes schedules the same task again.
            if (_tasks.GetValueOrDefault(step) != function)
            {
                _tasks[step] = function;
                Report(happened, new ProgressEvent.TaskBegan(At(happened), step, Words(function)));
            }
        }

        if (EndOf(happened) is { } end)
        {
            _failed = end != ExecutionEnd.Succeeded;
            Report(happened, new ProgressEvent.ExecutionEnded(At(happened), end));
            if (_isEarlier && !_isPast)
            {
                (_execution, _isEarlier) = (null, false);
                ShowBehind();
            }
        }
    }

    /// <summary>Whether it is the first one that begins while an earlier one is shown.</summary>
    private bool IsBehind(string execution, bool begins) =>
        _isEarlier
        && !_isPast
        && _execution != execution
        && (_behind == execution || (begins && _behind is null && IsDeployers(execution)));

    /// <summary>Shows what has begun already while another one was shown, and waited for it or not.</summary>
    private void ShowBehind()
    {
        if (_behind is { } next)
        {
            List<TimelineEvent> events = [.. _unshown];
            _behind = null;
            _unshown.Clear();
            events.ForEach(happened => Add(next, happened));
        }
    }

    private StepEnd EndOf(string step) =>
        _timeline.Ends[step] is var end && end == StepEnd.Succeeded && DeployerStage.IsPlanMachine(new ExecutionArn(_execution!).Machine)
            ? StepEnd.Planned
            : end;

    private bool IsTriedAgain(string execution, TimelineEvent happened) =>
        _failed
        && happened.Type == "ExecutionStarted"
        && new ExecutionArn(execution).Machine == new ExecutionArn(_execution!).Machine
        && ExecutionWork.IsTriedAgain(_input, happened.Input);

    private static ExecutionEnd? EndOf(TimelineEvent happened) =>
        happened.Type switch
        {
            "ExecutionSucceeded" => ExecutionEnd.Succeeded,
            "ExecutionFailed" => ExecutionEnd.Failed,
            "ExecutionAborted" => ExecutionEnd.Stopped,
            "ExecutionTimedOut" => ExecutionEnd.TimedOut,
            _ => null,
        };

    private void Report(TimelineEvent happened, ProgressEvent progress)
    {
        if (!_isPast && happened.At >= began)
        {
            view.Report(progress);
        }
    }

    private TimeSpan At(TimelineEvent happened) => happened.At - began;

    /// <summary>The machines of a stage are named <c>deployer-STAGE-deploy</c> and <c>deployer-STAGE-plan</c>.</summary>
    private static bool IsDeployers(string execution) => DeployerStage.IsMachine(new ExecutionArn(execution).Machine);

    private static string Last(string text, char separator) => text[(text.LastIndexOf(separator) + 1)..];

    /// <summary><c>UpdateStack</c> is <c>update stack</c>.</summary>
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
