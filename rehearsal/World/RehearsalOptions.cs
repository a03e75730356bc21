namespace Deployer.Rehearsal.World;

/// <summary>How one world is set up.</summary>
public sealed record RehearsalOptions
{
    /// <summary>Fixes every id and jitter: the same seed and the same requests give the same run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folder of the journalled store; <see langword="null"/> keeps the world in memory only.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>What is to go wrong on purpose.</summary>
    public Faults Faults { get; init; } = Faults.None;

    /// <summary>How many external actors may run at once; one makes a run repeatable.</summary>
    public int Actors { get; init; } = 1;

    /// <summary>Wall-clock limit of one actor, after which it is cancelled and its invocation fails.</summary>
    public TimeSpan ActorLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The command line that simulates tools of a build's image (<c>aws</c>, <c>clojure</c>): the tool's name and its
    /// arguments are added. Without one those tools fail.
    /// </summary>
    public IReadOnlyList<string> SimulatedTools { get; init; } = [];
}
