namespace Deployer.Cli.Rehearsals;

/// <summary>The options of <c>rehearse</c> and <c>redrive</c>.</summary>
/// <param name="Faults">Each <c>NAME[:WHAT]</c>.</param>
/// <param name="StateDirectory">Where the played accounts are kept; <see langword="null"/> for nowhere.</param>
/// <param name="Seed">Fixes ids and durations.</param>
/// <param name="Json">File for the JSON document, or <c>-</c>.</param>
/// <param name="InProcess">Whether the functions run in this process.</param>
public sealed record RehearseOptions(IReadOnlyList<string> Faults, string? StateDirectory, ulong Seed, string? Json, bool InProcess);
