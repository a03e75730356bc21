using Amazon.Runtime;

namespace Deployer.Functions.Tests;

/// <summary>Lets official clients talk to a handler instead of a network.</summary>
internal sealed class Transport(HttpMessageHandler handler) : HttpClientFactory
{
    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(handler, disposeHandler: false);

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
}
