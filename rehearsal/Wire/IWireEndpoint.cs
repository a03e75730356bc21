namespace Deployer.Rehearsal.Wire;

/// <summary>Something that answers HTTP requests, from a socket or from memory.</summary>
public interface IWireEndpoint
{
    /// <summary>Answers a request. Never throws for what a client sent.</summary>
    /// <param name="request">The request.</param>
    /// <param name="disconnected">Is cancelled when the client has gone and waits for no answer any more.</param>
    Task<WireResponse> Answer(WireRequest request, CancellationToken disconnected = default);
}
