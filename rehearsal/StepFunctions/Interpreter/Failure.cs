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

/// <summary>The error names that Step Functions itself gives.
/// Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html.</summary>
public static class ErrorNames
{
    /// <summary>Matches any error that can be matched.</summary>
    public const string All = "States.ALL";

    /// <summary>Matches any error but a timeout.</summary>
    public const string TaskFailed = "States.TaskFailed";

    /// <summary>A task took too long or missed a heartbeat.</summary>
    public const string Timeout = "States.Timeout";

    /// <summary>Matches a missed heartbeat.</summary>
    public const string HeartbeatTimeout = "States.HeartbeatTimeout";

    /// <summary>The data did not fit a path or a type; never retried, never caught.</summary>
    public const string Runtime = "States.Runtime";

    /// <summary>A payload is over 262,144 bytes.</summary>
    public const string DataLimitExceeded = "States.DataLimitExceeded";

    /// <summary>An intrinsic function refused its arguments.</summary>
    public const string IntrinsicFailure = "States.IntrinsicFailure";

    /// <summary>No rule of a Choice applied.</summary>
    public const string NoChoiceMatched = "States.NoChoiceMatched";

    /// <summary>A JSONata expression failed.</summary>
    public const string QueryEvaluation = "States.QueryEvaluationError";

    /// <summary>More items of a Map Run failed than tolerated.</summary>
    public const string ToleranceExceeded = "States.ExceedToleratedFailureThreshold";
}

/// <summary>Thrown while a state is evaluated, caught where the interpreter handles the state's failure.</summary>
internal sealed class StateFailedException(Failure failure) : Exception(failure.Cause)
{
    public Failure Failure { get; } = failure;
}
