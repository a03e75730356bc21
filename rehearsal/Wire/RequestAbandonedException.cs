namespace Deployer.Rehearsal.Wire;

/// <summary>
/// A request gets no answer: its client's time is over, its connection was lost, or the world has ended. What it did stays done.
/// </summary>
public sealed class RequestAbandonedException() : Exception("the request was abandoned without an answer");
