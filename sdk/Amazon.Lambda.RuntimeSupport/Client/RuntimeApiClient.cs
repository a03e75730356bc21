using System.Net;
using System.Net.Http.Headers;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Calls the Runtime API over HTTP.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html</remarks>
public class RuntimeApiClient : IRuntimeApiClient
{
    private const string ErrorTypeHeader = "Lambda-Runtime-Function-Error-Type";

    private readonly HttpClient _httpClient;
    private readonly IEnvironmentVariables _environment;
    private readonly LogOutput _log;
    private readonly string _base;

    /// <summary>A client of the API that <c>AWS_LAMBDA_RUNTIME_API</c> names.</summary>
    public RuntimeApiClient(HttpClient httpClient)
        : this(httpClient, new SystemEnvironmentVariables(), endpoint: null, LogOutput.Open(new SystemEnvironmentVariables())) { }

    internal RuntimeApiClient(HttpClient httpClient, IEnvironmentVariables environment, string? endpoint, LogOutput log)
    {
        _httpClient = httpClient;
        _environment = environment;
        _log = log;
        endpoint ??=
            environment.Get(LambdaEnvironment.RuntimeApi)
            ?? throw new InvalidOperationException($"{LambdaEnvironment.RuntimeApi} is not set: this program runs as a Lambda function.");
        _base = $"http://{endpoint}/2018-06-01/runtime/";
    }

    /// <inheritdoc/>
    public Task ReportInitializationErrorAsync(Exception exception, CancellationToken cancellationToken = default) =>
        ReportErrorAsync("init/error", exception.GetType().Name, ExceptionDocument.Write(exception), cancellationToken);

    /// <inheritdoc/>
    public Task ReportInitializationErrorAsync(string errorType, CancellationToken cancellationToken = default) =>
        ReportErrorAsync("init/error", errorType, ExceptionDocument.Write(errorType), cancellationToken);

    /// <inheritdoc/>
    public async Task<InvocationRequest> GetNextInvocationAsync(CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _base + "invocation/next");
        using var response = await _httpClient.SendAsync(request, cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
        var headers = new RuntimeApiHeaders(response.Headers);
        _environment.Set(LambdaEnvironment.TraceId, headers.TraceId);
        var input = new MemoryStream(await response.Content.ReadAsByteArrayAsync(cancellationToken), writable: false);
        return new InvocationRequest(input, new LambdaContext(headers, _environment, _log));
    }

    /// <inheritdoc/>
    public Task ReportInvocationErrorAsync(string awsRequestId, Exception exception, CancellationToken cancellationToken = default) =>
        ReportErrorAsync(
            $"invocation/{awsRequestId}/error",
            exception.GetType().Name,
            ExceptionDocument.Write(exception),
            cancellationToken
        );

    /// <inheritdoc/>
    /// <remarks>
    /// A payload above Lambda's limit is answered with 413: Lambda has failed the invocation, and the function takes the next one.
    /// </remarks>
    public async Task SendResponseAsync(string awsRequestId, Stream outputStream, CancellationToken cancellationToken = default)
    {
        // Not disposed: that would close the stream, which its owner may use again.
        var content = new StreamContent(outputStream);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _httpClient.PostAsync(new Uri($"{_base}invocation/{awsRequestId}/response"), content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestEntityTooLarge)
        {
            _log.Write(new LogRecord("Error", "The response exceeds Lambda's payload limit.", awsRequestId, TraceId: null));
            return;
        }

        await EnsureSuccessAsync(response, cancellationToken);
    }

    private async Task ReportErrorAsync(string path, string errorType, byte[] document, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _base + path) { Content = new ByteArrayContent(document) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/vnd.aws.lambda.error+json");
        request.Headers.TryAddWithoutValidation(ErrorTypeHeader, errorType);
        using var response = await _httpClient.SendAsync(request, cancellationToken);
        await EnsureSuccessAsync(response, cancellationToken);
    }

    private static async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new RuntimeApiClientException(
                $"The Lambda Runtime API answered {(int)response.StatusCode} to {response.RequestMessage?.RequestUri?.AbsolutePath}.",
                (int)response.StatusCode,
                await response.Content.ReadAsStringAsync(cancellationToken),
                response.Headers.ToDictionary(header => header.Key, header => header.Value),
                innerException: null
            );
        }
    }
}
