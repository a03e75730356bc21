namespace Deployer.Cli.Output;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>All of them, for the help.</summary>
    public const string Explanation =
        "Exit codes: 0 succeeded, nothing to do, or detached; 1 failed, stopped, superseded or rejected by somebody else; "
        + "2 the input or the state is wrong, and nothing was started; 3 the tool itself failed, or could not follow "
        + "a deployment to its end; 4 a plan waits for approval; 130 interrupted.";

    /// <summary>Succeeded, nothing to do, or detached.</summary>
    public const int Success = 0;

    /// <summary>
    /// The deployment failed, was stopped or superseded, somebody else rejected its plan, a step of a plan would fail, or something that a
    /// schedule says never happened or a fault did not strike, so that it was not rehearsed.
    /// </summary>
    public const int Failure = 1;

    /// <summary>The input or the state is wrong; nothing was called.</summary>
    public const int InvalidInput = 2;

    /// <summary>
    /// The tool itself failed, which deserves a report; or a deployment goes on that could not be followed, such as with credentials that
    /// have ended.
    /// </summary>
    public const int ToolFailure = 3;

    /// <summary>Nothing was deployed yet: a plan waits until somebody approves it.</summary>
    public const int WaitingForApproval = 4;

    /// <summary>Stopped by SIGINT, as shells count it.</summary>
    public const int Interrupted = 130;
}
