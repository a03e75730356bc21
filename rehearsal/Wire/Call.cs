using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Wire;

/// <summary>One request to the simulated AWS, from the wire or from another service.</summary>
/// <param name="World">The world it is made in.</param>
/// <param name="Principal">Who makes it.</param>
/// <param name="Account">The account whose resources it is about: the caller's, unless a resource's ARN says another.</param>
/// <param name="Region">The region it was signed for.</param>
/// <param name="Service">The service's signing name.</param>
/// <param name="Operation">The operation; empty until the service has parsed the request.</param>
/// <param name="RequestId">The request's id, as answered to the caller.</param>
public sealed record Call(
    RehearsalWorld World,
    Principal Principal,
    string Account,
    string Region,
    string Service,
    string Operation,
    string RequestId
)
{
    /// <summary>
    /// The access key by which the actor that makes it is known; <see langword="null"/> for a request from outside of time.
    /// </summary>
    public string? ActorKey { get; init; }

    /// <summary>The connection of a request that arrived and is answered at moments of its own.</summary>
    public Connection? Connection { get; init; }

    /// <summary>
    /// For a request of a client of <c>serve</c>, which lives on the wall clock: is cancelled when the client has gone.
    /// <see langword="null"/> for all others.
    /// </summary>
    public CancellationToken? ClientDisconnected { get; init; }
}
