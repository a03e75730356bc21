using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>The functions' entry for a host in the same process: the same dispatch as their <c>Main</c>.</summary>
/// <param name="handler">What <c>ANNOTATIONS_HANDLER</c> says.</param>
/// <param name="environment">The function's variables, Lambda's own included.</param>
/// <param name="runtimeApi">Reaches the Runtime API.</param>
/// <param name="aws">Carries the requests of AWS clients.</param>
/// <param name="log">Takes log lines.</param>
/// <param name="cancellationToken">Ends the loop: what SIGTERM is to a process.</param>
public delegate Task InProcessEntry(
    string handler,
    IReadOnlyDictionary<string, string> environment,
    HttpClient runtimeApi,
    HttpMessageHandler aws,
    TextWriter log,
    CancellationToken cancellationToken
);

/// <summary>Runs the functions in this process: no sockets, no start-up time, for many runs.</summary>
/// <param name="entry">The functions.</param>
/// <param name="aws">The simulated AWS.</param>
/// <param name="patience">How many times its timeout a function may take on the wall clock.</param>
public sealed class InProcessHost(InProcessEntry entry, IWireEndpoint aws, double patience = 3) : ILambdaHost
{
    /// <inheritdoc/>
    public string Name => "in-process";

    /// <inheritdoc/>
    public Sandbox CreateSandbox(SandboxSpec spec) => new TaskSandbox(entry, aws, spec, patience);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
