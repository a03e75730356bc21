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
    /// Whether an event ended a wait of a state before its heartbeat: it answered the token, or it said the end and a look right after
    /// it was too early, so that the state looked again within seconds.
    /// </summary>
    public static bool EndsByAnEvent(this IReadOnlyList<HistoryEvent> history, string state) =>
        history
            .Where(happened => happened.Type == HistoryEventType.TaskSucceeded && happened.IsOf(state, history))
            .Any(succeeded => BeforeTheEnd(succeeded, history) is { } before && before.Type != HistoryEventType.TaskTimedOut);

    /// <summary>What a state did last before an attempt of it succeeded; null when it succeeded at once.</summary>
    private static HistoryEvent? BeforeTheEnd(HistoryEvent succeeded, IReadOnlyList<HistoryEvent> history)
    {
        for (var at = Before(succeeded, history); at is not null && at.Type != HistoryEventType.TaskStateEntered; at = Before(at, history))
        {
            if (
                at.Type == HistoryEventType.TaskSubmitted
                || at.Type == HistoryEventType.TaskTimedOut
                || at.TaskFailedEventDetails?.Error == "NotYetException"
            )
            {
                return at;
            }
        }

        return null;
    }

    private static HistoryEvent? Before(HistoryEvent happened, IReadOnlyList<HistoryEvent> history) =>
        history.FirstOrDefault(earlier => earlier.Id == happened.PreviousEventId);
}
