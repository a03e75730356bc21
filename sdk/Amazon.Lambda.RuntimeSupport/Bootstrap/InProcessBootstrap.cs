using Amazon.Lambda.RuntimeSupport.Bootstrap;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Serves a function whose environment and log are not the process's: the entry of a host that runs several in one process. The official
/// package has none; only <c>InProcessProgram</c> comes here.
/// </summary>
internal static class InProcessBootstrap
{
    /// <summary>Serves until <paramref name="cancellationToken"/> is cancelled; a running invocation is finished first.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="initializer">Runs first; what it throws is reported as an initialisation error.</param>
    /// <param name="environment">The function's variables, those that Lambda sets included.</param>
    /// <param name="runtimeApi">Reaches the host's Runtime API; it stays the caller's.</param>
    /// <param name="log">Takes the function's log.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public static async Task RunAsync(
        HandlerWrapper handler,
        LambdaBootstrapInitializer initializer,
        IReadOnlyDictionary<string, string> environment,
        HttpClient runtimeApi,
        TextWriter log,
        CancellationToken cancellationToken
    )
    {
        var variables = new DictionaryEnvironmentVariables(environment);
        using var served = handler;
        using var bootstrap = new LambdaBootstrap(
            runtimeApi,
            ownsHttpClient: false,
            served.Handler,
            initializer,
            new LambdaBootstrapOptions(),
            variables,
            LogOutput.To(log, variables)
        );
        await bootstrap.RunAsync(cancellationToken);
    }
}
