namespace Deployer.Functions.Steps;

/// <summary>The work behind a task that waits.</summary>
public interface IStepWork
{
    /// <summary>The task's name, which keys its record; no two tasks of a kind have the same one.</summary>
    string Task { get; }

    /// <summary>The events that may be about what the task waits for.</summary>
    IReadOnlyList<EventSource> Events { get; }

    /// <summary>
    /// Finds the work or begins it, notes what is waited for, then looks once, so that an event that came first is not
    /// missed. The same for the task's own entries and for events: work that was begun is never begun again.
    /// </summary>
    Task<Outcome> Advance(StepRun run);

    /// <summary>How long the work may take in all.</summary>
    TimeSpan Limit(StepRun run);
}
