namespace Deployer.Rehearsal.Wire;

/// <summary>A simulated service. It parses its own protocol, asks <see cref="Api.Authorize"/>, then acts.</summary>
public interface IWireService
{
    /// <summary>The name in the credential scope of requests to it, such as <c>states</c>.</summary>
    string SigningName { get; }

    /// <summary>The operations that it simulates, by their names in the API reference.</summary>
    IReadOnlyCollection<string> Operations => [];

    /// <summary>Answers one request, on the world's thread.</summary>
    /// <param name="call">Who calls; its operation is empty until the service has parsed the request.</param>
    /// <param name="request">The request.</param>
    WireResponse Handle(Call call, WireRequest request);
}
