using Deployer.Cli.Progress;
using Deployer.Rehearsal.People;
using Deployer.Rehearsal.StepFunctions.Interpreter;

namespace Deployer.Cli.Rehearsals;

/// <summary>Has the people of a schedule hear what becomes of the steps and tasks of the run's own deployment.</summary>
internal sealed class PeopleWatch(ScheduledPeople people)
{
    private readonly StepTimeline _timeline = new();
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);

    /// <summary>Takes the next event of an execution; on the world's thread.</summary>
    public void Add(string execution, HistoryEvent happened)
    {
        if (!people.Happened(execution, happened))
        {
            return;
        }

        var moment = TimelineEvent.From(happened);
        var step = _timeline.Add(moment);
        if (_timeline.JustNamed is { } named && _begun.Add(named))
        {
            people.Progressed(named, task: null, ended: false);
        }

        if (happened.Type == "TaskScheduled" && StepTimeline.FunctionOf(moment) is { } function)
        {
            people.Progressed(step, function, ended: false);
        }
        else if (happened is { Type: "TaskStateExited", Name: { } task })
        {
            people.Progressed(step, task, ended: true);
        }

        if (_timeline.JustEnded is { } ended)
        {
            people.Progressed(ended, task: null, ended: true);
        }
    }
}
