using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;

namespace Deployer.Protocols;

/// <summary>
/// The configured URL, or the one endpoint of a service that is global: it lies in <see cref="SigningRegion"/>, whichever region is
/// configured (https://docs.aws.amazon.com/general/latest/gr/iam-service.html).
/// </summary>
internal sealed class GlobalEndpointProvider(string prefix) : IEndpointProvider
{
    /// <summary>The region that requests are signed for.</summary>
    public const string SigningRegion = "us-east-1";

    private const string Partition = "aws";

    /// <exception cref="AmazonClientException">
    /// Neither a region nor a URL is configured, or a region of another partition, where such services have other endpoints.
    /// </exception>
    public Endpoint ResolveEndpoint(EndpointParameters parameters)
    {
        if (parameters[RegionalEndpointResolver.Endpoint] is string url)
        {
            return new Endpoint(url);
        }
        var region =
            parameters[RegionalEndpointResolver.Region] as string
            ?? throw new AmazonClientException("No RegionEndpoint or ServiceURL configured");
        return RegionEndpoint.GetBySystemName(region).PartitionName == Partition
            ? new Endpoint($"https://{prefix}.amazonaws.com")
            : throw new AmazonClientException($"the endpoint of {prefix} in the partition of {region} is not known here");
    }
}
