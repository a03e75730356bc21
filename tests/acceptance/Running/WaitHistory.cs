using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Deployer.Acceptance.Tests.Running;

/// <summary>What the history of an execution says of states that wait with a task token.</summary>
internal static class WaitHistory
{
    /// <summary>Whether an event of the history belongs to a state.</summary>
    public static bool IsOf(this HistoryEvent happened, string state, IReadOnlyList<HistoryEvent> history)
    {
        for (var at = happened; at is not null; at = history.FirstOrDefault(earlier => earlier.Id == at.PreviousEventId))
        {
            if ((at.StateEnteredEventDetails?.Name ?? (at == happened ? at.StateExitedEventDetails?.Name : null)) is { } name)
            {
                return name == state;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether the token of a state was answered between two heartbeats, which only an event does: an entry that finds the end itself
    /// answers while its invocation runs, before the task is noted as submitted.
    /// </summary>
    public static bool IsAnsweredByAnEvent(this IReadOnlyList<HistoryEvent> history, string state)
    {
        var waits = history
            .Where(happened => happened.Type == HistoryEventType.TaskSubmitted || happened.Type == HistoryEventType.TaskSucceeded)
            .Where(happened => happened.IsOf(state, history))
            .ToDictionary(happened => happened.Id!.Value);
        return waits.Values.Any(happened =>
            happened.Type == HistoryEventType.TaskSucceeded && waits.ContainsKey(happened.PreviousEventId!.Value)
        );
    }
}
