namespace Deployer.Cli.Output;

/// <summary>What the program's exit codes mean.</summary>
internal static class ExitCodes
{
    /// <summary>Succeeded, or nothing to do.</summary>
    public const int Success = 0;

    /// <summary>
    /// The deployment failed, a step of a plan would fail, or something that a schedule says never happened, so that it was not rehearsed.
    /// </summary>
    public const int Failure = 1;

    /// <summary>The input is wrong; nothing was called.</summary>
    public const int InvalidInput = 2;

    /// <summary>Stopped by SIGINT, as shells count it.</summary>
    public const int Interrupted = 130;
}
