using Amazon.Runtime;
using Deployer.Protocols;

namespace Deployer.Sdk.Tests.Protocols.Client;

/// <summary>A service in the client's own process: reads what comes with the service's model and answers what the test says.</summary>
internal sealed class InMemoryService(ServiceModel service, Func<OperationModel, object, HttpAnswer> answer) : HttpClientFactory
{
    internal List<HttpRequestMessage> Requests { get; } = [];

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(this));

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    private sealed class Handler(InMemoryService owner) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            owner.Requests.Add(request);
            var content = request.Content;
            var body = content is null ? [] : await content.ReadAsByteArrayAsync(cancellationToken);
            var headers = request
                .Headers.Concat(content?.Headers.AsEnumerable() ?? [])
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value));
            var uri = request.RequestUri!;
            var (operation, input) = owner.Service.ReadRequest(request.Method.Method, uri.AbsolutePath, uri.Query, headers, body);
            var result = owner.Answer(operation, input);
            var response = new HttpResponseMessage((System.Net.HttpStatusCode)result.Status)
            {
                RequestMessage = request,
                Content = new ByteArrayContent(result.Body),
            };
            foreach (var (name, value) in result.Headers)
            {
                if (!response.Headers.TryAddWithoutValidation(name, value))
                {
                    response.Content.Headers.TryAddWithoutValidation(name, value);
                }
            }

            return response;
        }
    }

    private ServiceModel Service => service;

    private HttpAnswer Answer(OperationModel operation, object input) => answer(operation, input);
}
