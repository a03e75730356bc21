namespace Deployer.Rehearsal.World;

/// <summary>Something that happens at a moment of virtual time. Stored, so that it outlives the process.</summary>
internal sealed record DueMoment(string Kind, string Payload, bool IsAwaited = false);

/// <summary>Where a stored world stands.</summary>
internal sealed record WorldRecord(long NowTicks, ulong Seed, ulong Drawn, long NextTimer);
