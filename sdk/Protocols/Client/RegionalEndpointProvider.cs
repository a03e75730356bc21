using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Deployer.Protocols;

/// <summary>
/// The configured URL, or <c>https://{prefix}.{region}.{suffix of the region's partition}</c>, which holds for every service here
/// (https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html).
/// </summary>
internal sealed class RegionalEndpointProvider(string prefix) : IEndpointProvider
{
    /// <exception cref="AmazonClientException">Neither a region nor a URL is configured.</exception>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters[RegionalEndpointResolver.Endpoint] is string url)
        {
            return new Endpoint(url);
        }
        var region =
            parameters[RegionalEndpointResolver.Region] as string
            ?? throw new AmazonClientException("No RegionEndpoint or ServiceURL configured");
        return new Endpoint($"https://{prefix}.{region}.{RegionEndpoint.GetBySystemName(region).PartitionDnsSuffix}");
    }
}
