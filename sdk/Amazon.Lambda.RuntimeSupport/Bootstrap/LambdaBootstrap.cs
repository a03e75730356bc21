using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Handles one invocation.</summary>
public delegate Task<InvocationResponse> LambdaBootstrapHandler(InvocationRequest invocation);

/// <summary>Prepares the function; false ends it without an invocation.</summary>
public delegate Task<bool> LambdaBootstrapInitializer();

/// <summary>Initialises a function, then takes one invocation after another from the Runtime API.</summary>
/// <remarks>https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html</remarks>
public class LambdaBootstrap : IDisposable
{
    private readonly HttpClient _httpClient;
    private readonly bool _ownsHttpClient;
    private readonly LambdaBootstrapHandler _handler;
    private readonly LambdaBootstrapInitializer? _initializer;
    private readonly LogOutput _log;
    private readonly RuntimeApiClient _client;

    /// <summary>A loop over <paramref name="handler"/> with the process's environment.</summary>
    public LambdaBootstrap(HttpClient httpClient, LambdaBootstrapHandler handler, LambdaBootstrapInitializer? initializer = null)
        : this(
            httpClient,
            ownsHttpClient: false,
            handler,
            initializer,
            new LambdaBootstrapOptions(),
            new SystemEnvironmentVariables(),
            LogOutput.Open(new SystemEnvironmentVariables())
        ) { }

    /// <inheritdoc cref="LambdaBootstrap(HttpClient, LambdaBootstrapHandler, LambdaBootstrapInitializer?)"/>
    public LambdaBootstrap(LambdaBootstrapHandler handler, LambdaBootstrapInitializer? initializer = null)
        : this(
            ConstructHttpClient(),
            ownsHttpClient: true,
            handler,
            initializer,
            new LambdaBootstrapOptions(),
            new SystemEnvironmentVariables(),
            LogOutput.Open(new SystemEnvironmentVariables())
        ) { }

    internal LambdaBootstrap(
        HttpClient httpClient,
        bool ownsHttpClient,
        LambdaBootstrapHandler handler,
        LambdaBootstrapInitializer? initializer,
        LambdaBootstrapOptions options,
        IEnvironmentVariables environment,
        LogOutput log
    )
    {
        _httpClient = httpClient;
        _ownsHttpClient = ownsHttpClient;
        _handler = handler;
        _initializer = initializer;
        _log = log;
        _client = new RuntimeApiClient(httpClient, environment, options.RuntimeApiEndpoint, log);
    }

    /// <summary>A client that waits for the next invocation as long as the frozen environment may sleep.</summary>
    public static HttpClient ConstructHttpClient() =>
        new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Runs until <paramref name="cancellationToken"/> is cancelled; a running invocation is finished first.</summary>
    /// <exception cref="RuntimeApiClientException">
    /// The Runtime API refused a call: the environment is lost and the process must end.
    /// </exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (!await InitializeAsync())
        {
            return;
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                using var invocation = await _client.GetNextInvocationAsync(cancellationToken);
                await InvokeAsync(invocation);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Cancelled while it waited for work.
        }
    }

    private async Task<bool> InitializeAsync()
    {
        try
        {
            return _initializer is null || await _initializer();
        }
        catch (Exception exception)
        {
            new LambdaContextLogger(_log, requestId: string.Empty, traceId: null).LogException(exception);
            await _client.ReportInitializationErrorAsync(exception);
            throw;
        }
    }

    private async Task InvokeAsync(InvocationRequest invocation)
    {
        var requestId = invocation.LambdaContext.AwsRequestId;
        InvocationResponse response;
        try
        {
            response = await _handler(invocation);
        }
        catch (Exception exception)
        {
            ((LambdaContextLogger)invocation.LambdaContext.Logger).LogException(exception);
            await _client.ReportInvocationErrorAsync(requestId, exception);
            return;
        }

        try
        {
            await _client.SendResponseAsync(requestId, response.OutputStream);
        }
        finally
        {
            if (response.DisposeOutputStream)
            {
                await response.OutputStream.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the HTTP client if this object made it.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && _ownsHttpClient)
        {
            _httpClient.Dispose();
        }
    }
}
