using Deployer.Cli.Output;

namespace Deployer.Cli.Progress;

/// <summary>Progress on a terminal.</summary>
internal static class TerminalProgress
{
    /// <summary>Shows progress in place on a terminal, line by line elsewhere.</summary>
    /// <param name="terminal">The terminal.</param>
    /// <param name="isSimulated">Whether the times are simulated.</param>
    public static IProgressView Progress(this Terminal terminal, bool isSimulated = true) =>
        terminal.Error.IsLive ? new LiveProgress(terminal.Error, isSimulated) : new ProgressLines(terminal.Error);
}
