using Deployer.Cli.Output;

namespace Deployer.Cli.Progress;

/// <summary>Progress on a terminal.</summary>
internal static class TerminalProgress
{
    /// <summary>Shows progress in place on a terminal, line by line elsewhere.</summary>
    public static IProgressView Progress(this Terminal terminal) =>
        terminal.Error.IsLive ? new LiveProgress(terminal.Error) : new ProgressLines(terminal.Error);
}
