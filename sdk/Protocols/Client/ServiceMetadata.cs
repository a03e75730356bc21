using Amazon.Runtime.Internal;

namespace Deployer.Protocols;

/// <summary>What the pipeline wants to know of a service for the user agent.</summary>
internal sealed class ServiceMetadata(ServiceModel service) : IServiceMetadata
{
    public string ServiceId => service.ServiceId;

    public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
}
