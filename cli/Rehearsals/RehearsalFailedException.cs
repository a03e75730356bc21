namespace Deployer.Cli.Rehearsals;

/// <summary>The rehearsal itself failed at something, so its result is not what AWS would have come to.</summary>
/// <param name="problems">What it failed at, each with its simulated time.</param>
internal sealed class RehearsalFailedException(IReadOnlyList<string> problems) : Exception(string.Join("; ", problems));
