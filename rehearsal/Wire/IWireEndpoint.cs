namespace Deployer.Rehearsal.Wire;

/// <summary>Something that answers HTTP requests, from a socket or from memory.</summary>
public interface IWireEndpoint
{
    /// <summary>Answers a request. Never throws for what a client sent.</summary>
    Task<WireResponse> Answer(WireRequest request);
}
