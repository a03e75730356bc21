using Deployer.Rehearsal.CodeBuild.Buildspecs;

namespace Deployer.Rehearsal.CodeBuild.Shell;

/// <summary>How one phase of a build's commands ended.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="ExitCode">0 when every command succeeded.</param>
/// <param name="Command">The last command that ran.</param>
internal sealed record PhaseResult(BuildspecPhase Phase, int ExitCode, string Command);

/// <summary>What a build's shell did.</summary>
/// <param name="Phases">Those that were entered, in order.</param>
/// <param name="Output">What it printed, both streams, line by line.</param>
/// <param name="Killed">Whether the watchdog or a stop ended it.</param>
internal sealed record ShellResult(IReadOnlyList<PhaseResult> Phases, IReadOnlyList<string> Output, bool Killed);
