using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Deployer.Protocols;

/// <summary>Finds the endpoint and the region that a request is signed for.</summary>
internal sealed class RegionalEndpointResolver : BaseEndpointResolver
{
    internal const string Region = "Region";
    internal const string Endpoint = "Endpoint";

    internal static EndpointParameters Parameters(IClientConfig config)
    {
        // In this order: reading ServiceURL lets the environment's AWS_ENDPOINT_URL take the region's place in the configuration.
        var region = config.RegionEndpoint?.SystemName;
        var url = config.ServiceURL;
        var parameters = new EndpointParameters();
        if (
            (
                region ?? config.AuthenticationRegion ?? FallbackRegionFactory.GetRegionEndpoint(includeInstanceMetadata: false)?.SystemName
            ) is
            { } name
        )
        {
            parameters[Region] = name;
        }
        if (!string.IsNullOrEmpty(url))
        {
            parameters[Endpoint] = url;
        }
        return parameters;
    }

    protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => Parameters(requestContext.ClientConfig);

    protected override void ServiceSpecificHandler(IExecutionContext executionContext, EndpointParameters parameters) =>
        executionContext.RequestContext.Request.AuthenticationRegion =
            executionContext.RequestContext.ClientConfig.EndpointProvider is GlobalEndpointProvider
                ? GlobalEndpointProvider.SigningRegion
                : parameters[Region] as string;
}
