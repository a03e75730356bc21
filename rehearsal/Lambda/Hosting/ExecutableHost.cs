using System.Runtime.InteropServices;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>Runs the functions' executable over the Runtime API, a process for each execution environment: what runs on Lambda.</summary>
public sealed class ExecutableHost : ILambdaHost
{
    private readonly string _executable;
    private readonly Uri _endpoint;
    private readonly double _patience;
    private readonly RuntimeApiServer _server;

    private ExecutableHost(string executable, Uri endpoint, double patience, RuntimeApiServer server)
    {
        _executable = executable;
        _endpoint = endpoint;
        _patience = patience;
        _server = server;
        Name = IsManaged(executable) ? "executable" : "native";
    }

    /// <summary><c>native</c> for a native program, <c>executable</c> for one that needs the .NET runtime.</summary>
    public string Name { get; }

    /// <summary>Opens the Runtime API.</summary>
    /// <param name="executable">A program, or a <c>.dll</c> for the <c>dotnet</c> command.</param>
    /// <param name="endpoint">Where the simulated AWS listens.</param>
    /// <param name="patience">How many times its timeout a function may take on the wall clock.</param>
    /// <exception cref="FileNotFoundException">There is no such program.</exception>
    public static async Task<ExecutableHost> Start(string executable, Uri endpoint, double patience = 3)
    {
        if (!File.Exists(executable))
        {
            throw new FileNotFoundException($"The functions' executable is not there: {executable}", executable);
        }

        return new ExecutableHost(Path.GetFullPath(executable), endpoint, patience, await RuntimeApiServer.Start());
    }

    /// <inheritdoc/>
    public Sandbox CreateSandbox(SandboxSpec spec) => new ProcessSandbox(_executable, ProcessEnvironment(), spec, _server, _patience);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>What a process needs beside Lambda's variables. Nothing else of this process's environment gets through.</summary>
    private Dictionary<string, string> ProcessEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
            ["LANG"] = "en_US.UTF-8",
            ["TZ"] = ":UTC",
            ["LAMBDA_TASK_ROOT"] = Path.GetDirectoryName(_executable)!,
            ["AWS_ENDPOINT_URL"] = _endpoint.ToString().TrimEnd('/'),
        };
        if (IsManaged(_executable))
        {
            environment["DOTNET_ROOT"] = DotnetRoot;
            environment["DOTNET_TieredPGO"] = "0";

            // A function's process lives for seconds: compiling its busy methods once more never pays.
            environment["DOTNET_TC_CallCountingDelayMs"] = "100000";
        }

        return environment;
    }

    internal static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static bool IsManaged(string executable) =>
        Path.GetExtension(executable) == ".dll" || File.Exists(executable + ".runtimeconfig.json");
}
