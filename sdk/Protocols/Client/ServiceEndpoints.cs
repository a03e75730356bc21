using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Deployer.Protocols;

/// <summary>What a client's configuration says of its endpoint outside of a call.</summary>
internal static class ServiceEndpoints
{
    internal static Endpoint Resolve(IClientConfig config) =>
        config.EndpointProvider.ResolveEndpoint(RegionalEndpointResolver.Parameters(config));
}
