namespace Deployer.Rehearsal.World;

/// <summary>Something that happens at a moment of virtual time. Stored, so that it outlives the process.</summary>
/// <param name="Kind">Which handler takes it.</param>
/// <param name="Payload">What the handler takes.</param>
/// <param name="IsAwaited">Whether a world that serves goes to it however far ahead it lies.</param>
/// <param name="Caller">Whose call to another service arrives then; <see langword="null"/> where none does.</param>
internal sealed record DueMoment(string Kind, string Payload, bool IsAwaited = false, string? Caller = null);

/// <summary>Where a stored world stands.</summary>
internal sealed record WorldRecord(long NowTicks, ulong Seed, ulong Drawn, long NextTimer);
