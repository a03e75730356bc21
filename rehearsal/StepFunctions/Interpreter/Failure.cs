namespace Deployer.Rehearsal.StepFunctions.Interpreter;

/// <summary>Why a state failed.</summary>
/// <param name="Error">The error's name; null when a token was failed without one.</param>
/// <param name="Cause">The cause; null likewise.</param>
public sealed record Failure(string? Error, string? Cause)
{
    /// <summary>Whether no Retry and no Catch applies and the execution fails at once.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether a heartbeat expired: named States.Timeout, also matched as States.HeartbeatTimeout.</summary>
    public bool IsHeartbeat { get; init; }

    /// <summary>The field of a failed JSONata expression, which has an event of its own; null for every other failure.</summary>
    public string? Location { get; init; }

    /// <summary>Whether a rule's error names apply.</summary>
    public bool Matches(IReadOnlyList<string> errorEquals) =>
        !IsTerminal
        && errorEquals.Any(name =>
            name switch
            {
                ErrorNames.All => true,
                ErrorNames.TaskFailed => Error != ErrorNames.Timeout,
                ErrorNames.HeartbeatTimeout when IsHeartbeat => true,
                _ => name == Error,
            }
        );
}

/// <summary>Thrown while a state is evaluated, caught where the interpreter handles the state's failure.</summary>
internal sealed class StateFailedException(Failure failure) : Exception(failure.Cause)
{
    public Failure Failure { get; } = failure;
}
