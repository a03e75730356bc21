using System.Text.Json.Serialization;

namespace Deployer.Functions.Ledger;

/// <summary>What the work of a step did. Of several tasks of one step, the action that comes last here is the step's.</summary>
[JsonConverter(typeof(StepActionConverter))]
public enum StepAction
{
    /// <summary>Nothing: there were no changes.</summary>
    None,

    /// <summary>Ions were pushed; nothing runs differently yet.</summary>
    Pushed,

    /// <summary>A compute group was turned on.</summary>
    On,

    /// <summary>A compute group was turned off.</summary>
    Off,

    /// <summary>A stack was created.</summary>
    Created,

    /// <summary>A stack was updated.</summary>
    Updated,

    /// <summary>A stack that could not be updated was deleted and created again.</summary>
    Replaced,

    /// <summary>A revision was released to a compute group.</summary>
    Released,

    /// <summary>Functions were given the variables of an endpoint.</summary>
    Injected,

    /// <summary>A stack was deleted.</summary>
    Removed,

    /// <summary>In reports alone: it failed.</summary>
    Failed,

    /// <summary>In reports alone: it was stopped, or has not ended, because another step failed or the execution was stopped.</summary>
    Stopped,

    /// <summary>In reports alone: it was not reached.</summary>
    NotStarted,
}

/// <summary>The texts of <see cref="StepAction"/> in records, answers and reports.</summary>
public static class StepActions
{
    /// <summary>The action as records and reports have it, such as <c>created</c>.</summary>
    public static string Text(this StepAction action) =>
        action == StepAction.NotStarted ? "not started" : action.ToString().ToLowerInvariant();

    /// <summary>The action for people, who read "no changes" instead of "none".</summary>
    public static string Words(this StepAction action) => action == StepAction.None ? "no changes" : action.Text();

    /// <summary>What a step did by what its tasks did: the action that comes last in <see cref="StepAction"/>.</summary>
    /// <param name="tasks">The records of all tasks of the step that were begun.</param>
    /// <returns><see cref="StepAction.None"/> also while one of the tasks is not done, and when ions were only pushed.</returns>
    public static StepAction Done(IReadOnlyCollection<TaskRecord> tasks)
    {
        var last =
            tasks.Count == 0 || tasks.Any(task => task.State != TaskState.Succeeded)
                ? StepAction.None
                : tasks.Max(task => task.Action ?? StepAction.None);
        return last == StepAction.Pushed ? StepAction.None : last;
    }
}

/// <summary>Writes a <see cref="StepAction"/> as its text.</summary>
public sealed class StepActionConverter : EnumConverter<StepAction>
{
    /// <inheritdoc/>
    protected override string What => "action of a step";

    /// <inheritdoc/>
    protected override string Format(StepAction value) => value.Text();
}
