namespace Deployer.Rehearsal.World;

/// <summary>How one world is set up.</summary>
public sealed record RehearsalOptions
{
    /// <summary>Fixes every id and jitter: the same seed and the same requests give the same run.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Folder of the journalled store; <see langword="null"/> keeps the world in memory only.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>What the requests that come through a socket are signed with.</summary>
    public SigningSecret Secret { get; init; } = new();

    /// <summary>What is to go wrong on purpose.</summary>
    public Faults Faults { get; init; } = Faults.None;

    /// <summary>
    /// How long the clients of the functions whose code runs here wait for the answer to one attempt of a request, in simulated time.
    /// </summary>
    public TimeSpan FunctionRequestTimeout { get; init; } = Durations.ClientTimeout.Longest;

    /// <summary>Receives each moment as it comes, on the world's thread: two runs of one seed give it the same.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Receives what goes wrong in the rehearsal itself, on the world's thread.</summary>
    public Action<string>? Reports { get; init; }

    /// <summary>
    /// How long an actor may compute at a stretch on the wall clock; one that takes longer does nothing more and is killed.
    /// </summary>
    public TimeSpan ActorLimit { get; init; } = TimeSpan.FromMinutes(2);
}
