namespace Deployer.Rehearsal.Lambda.Invocations;

/// <summary>An invocation that has begun, stored under its request id so that its caller hears of it even after a crash.</summary>
/// <param name="Function">The function's key.</param>
/// <param name="Version">The version that runs.</param>
/// <param name="Kind">Whose result it is.</param>
/// <param name="Key">The caller's key.</param>
internal sealed record InFlight(string Function, string Version, string Kind, string Key);
