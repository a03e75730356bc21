using System.Diagnostics;

namespace Deployer.Cli.Tests.Serving;

/// <summary><c>deployer serve</c> as a process of its own, from its first lines to its end.</summary>
internal sealed class ServeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private ServeProcess(Process process, IReadOnlyList<string> lines, Task<string> error)
    {
        Process = process;
        Lines = lines;
        Error = error;
    }

    public Process Process { get; }

    /// <summary>What a shell is to evaluate.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>What it wrote to standard error, once it has ended.</summary>
    public Task<string> Error { get; }

    public IReadOnlyDictionary<string, string> Variables =>
        Lines
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

    public Uri Address => new(Variables["AWS_ENDPOINT_URL"]);

    /// <summary>Starts it and waits until it has printed its variables.</summary>
    public static async Task<ServeProcess> Start(params string[] arguments)
    {
        var process = Process.Start(DeployerProcess.Start(["serve", .. arguments]))!;
        var error = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (lines.LastOrDefault()?.StartsWith("export AWS_EC2_METADATA_DISABLED", StringComparison.Ordinal) != true)
        {
            lines.Add(
                await process.StandardOutput.ReadLineAsync(patience.Token)
                    ?? throw new InvalidOperationException($"serve ended before it served: {await error}")
            );
        }

        return new ServeProcess(process, lines, error);
    }

    /// <summary>Sends a signal.</summary>
    public async Task Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, Process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end and gives its exit code.</summary>
    public async Task<int> Ended()
    {
        using var patience = new CancellationTokenSource(Patience);
        await Process.WaitForExitAsync(patience.Token);
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            Process.StandardInput.Close();
            using var patience = new CancellationTokenSource(Patience);
            await Process.WaitForExitAsync(patience.Token);
        }

        Process.Dispose();
    }
}
