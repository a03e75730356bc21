namespace Deployer.Rehearsal.StepFunctions.Interpreter;

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
