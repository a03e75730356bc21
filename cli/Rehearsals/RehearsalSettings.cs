namespace Deployer.Cli.Rehearsals;

/// <summary>How rehearsed accounts are opened.</summary>
/// <param name="Faults">What goes wrong on purpose, each <c>NAME[:WHAT]</c>.</param>
/// <param name="StateDirectory">Where the accounts are kept; <see langword="null"/> for nowhere.</param>
/// <param name="Seed">Fixes ids and durations.</param>
/// <param name="InProcess">Whether the functions run in this process.</param>
internal sealed record RehearsalSettings(IReadOnlyList<string> Faults, string? StateDirectory, ulong Seed, bool InProcess)
{
    /// <summary>Where a file names a fault, as <c>file:line</c>, by the fault; those of the command line have no place.</summary>
    public IReadOnlyDictionary<string, string> FaultPlaces { get; init; } = new Dictionary<string, string>();

    /// <summary>The file that says what people do while an execution runs; <see langword="null"/> for nothing.</summary>
    public string? ScheduleFile { get; init; }
}
