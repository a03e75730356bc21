using System.Collections;
using System.Diagnostics;
using System.Net;

namespace Deployer.Spec.Tests.Images;

/// <summary>
/// The start script in a shell, with a metadata endpoint on the loopback address and a program that stands for the transactor: it writes
/// down what it was given. No container: what an image and a container runtime do is not tested here.
/// </summary>
internal sealed class StartedContainer : IDisposable, IEnumerable
{
    private const string StandIn = """
        #!/usr/bin/env bash
        printf '%s\n' "$@" > "$DATOMIC_STATE/arguments"
        env > "$DATOMIC_STATE/environment"
        if [[ -n "${STAND_IN:-}" ]]; then
          trap 'echo the transactor got SIGTERM; kill %1; exit 7' TERM
          sleep 60 &
          echo running
          wait
        fi
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("deployer-transactor-").FullName;
    private readonly HttpListener _endpoint = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, string?> _variables;

    /// <param name="metadata">What the endpoint answers; <see langword="null"/> for an error.</param>
    public StartedContainer(string? metadata)
    {
        State = Path.Combine(_folder, "state");
        foreach (var name in new[] { "run", "data", "log" })
        {
            Directory.CreateDirectory(Path.Combine(State, name));
        }
        var program = Path.Combine(_folder, "datomic", "bin", "transactor");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        File.WriteAllText(program, StandIn);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        var address = Listen();
        _ = Answer(metadata);
        _variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH"),
            ["ECS_CONTAINER_METADATA_URI_V4"] = address,
            ["DATOMIC_HOME"] = Path.Combine(_folder, "datomic"),
            ["DATOMIC_STATE"] = State,
            ["DATOMIC_RETRY_SECONDS"] = "0",
            ["DATOMIC_NAME"] = "orders-dev",
            ["DATOMIC_TABLE"] = "orders",
            ["DATOMIC_REGION"] = "us-east-1",
            ["DATOMIC_HEAP"] = "4g",
            ["DATOMIC_PROPERTY_MEMORY_INDEX_THRESHOLD"] = "32m",
            ["DATOMIC_PROPERTY_MEMORY_INDEX_MAX"] = "512m",
            ["DATOMIC_PROPERTY_OBJECT_CACHE_MAX"] = "1g",
        };
    }

    /// <summary>The folder to which the container may write.</summary>
    public string State { get; }

    private string Properties => Path.Combine(State, "run", "transactor.properties");

    /// <summary>Sets an environment variable, or takes it away.</summary>
    public string? this[string name]
    {
        set => _variables[name] = value;
    }

    /// <summary>Starts the script and waits for its end.</summary>
    public async Task<ContainerRun> Run(bool stopAfterFirstRequest = false, bool stopWhenItRuns = false)
    {
        foreach (var program in new[] { "bash", "curl", "jq" })
        {
            Assert.SkipUnless(
                _variables["PATH"]!.Split(':').Any(folder => File.Exists(Path.Combine(folder, program))),
                $"{program} is not installed"
            );
        }
        var start = new ProcessStartInfo("bash", [Script()])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in _variables.Where(variable => variable.Value is not null))
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var lines = new List<string>();
        if (stopAfterFirstRequest)
        {
            await _asked.Task;
            await Stop(process);
        }
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (stopWhenItRuns && line == "running")
            {
                await Stop(process);
            }
        }
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new ContainerRun(
            process.ExitCode,
            string.Concat(lines.Select(line => $"{line}\n")) + await errors,
            Lines(Properties),
            Lines(Path.Combine(State, "arguments")),
            Lines(Path.Combine(State, "environment")),
            !OperatingSystem.IsWindows() && File.Exists(Properties) ? File.GetUnixFileMode(Properties) : UnixFileMode.None
        );
    }

    public void Dispose()
    {
        _endpoint.Close();
        Directory.Delete(_folder, recursive: true);
    }

    IEnumerator IEnumerable.GetEnumerator() => _variables.GetEnumerator();

    private static async Task Stop(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    private static string Script() => Repository.At("examples/transactor/image/start-transactor");

    private string Listen()
    {
        // A port that somebody else has is not the endpoint's.
        for (var port = 20_000 + Environment.ProcessId % 20_000; ; port++)
        {
            _endpoint.Prefixes.Clear();
            _endpoint.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                _endpoint.Start();
                return $"http://127.0.0.1:{port}/v4/0123";
            }
            catch (HttpListenerException)
            {
                // The next one.
            }
        }
    }

    private async Task Answer(string? metadata)
    {
        try
        {
            while (true)
            {
                var context = await _endpoint.GetContextAsync();
                context.Response.StatusCode = metadata is null ? 500 : 200;
                await using (var writer = new StreamWriter(context.Response.OutputStream))
                {
                    await writer.WriteAsync(metadata ?? "not yet");
                }
                _asked.TrySetResult();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}

/// <summary>How a container ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">What it wrote, to both streams.</param>
/// <param name="Properties">The lines of the properties file.</param>
/// <param name="Arguments">What the transactor was started with; empty when it was not.</param>
/// <param name="Environment">The transactor's environment variables.</param>
/// <param name="Mode">Who may read the properties file.</param>
internal sealed record ContainerRun(
    int ExitCode,
    string Output,
    string[] Properties,
    string[] Arguments,
    string[] Environment,
    UnixFileMode Mode
)
{
    /// <summary>The container ended with this code and this sentence alone, and no transactor was started.</summary>
    public void ShouldBeFailure(int code, string message)
    {
        Output.ShouldBe($"{{\"level\":\"ERROR\",\"loggerName\":\"start-transactor\",\"formattedMessage\":\"{message}\"}}\n");
        ExitCode.ShouldBe(code);
        Arguments.ShouldBeEmpty();
    }
}
