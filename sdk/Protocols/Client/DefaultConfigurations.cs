using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Internal;

namespace Deployer.Protocols;

/// <summary>The one configuration mode that the clients know: V4's standard retries, the HTTP handler's own timeouts.</summary>
internal sealed class DefaultConfigurations : IDefaultConfigurationProvider
{
    internal static readonly DefaultConfigurations Instance = new();

    public IDefaultConfiguration GetDefaultConfiguration(
        RegionEndpoint clientRegion,
        DefaultConfigurationMode? requestedConfigurationMode = null
    ) => new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
}
