namespace Deployer.Rehearsal.World;

/// <summary>Nothing is due and no actor is at work, yet what was waited for has not come: a defect, not an outcome.</summary>
public sealed class RehearsalStalledException(string message) : Exception(message);
