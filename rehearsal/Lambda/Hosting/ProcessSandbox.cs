using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>An execution environment that is a process.</summary>
internal sealed class ProcessSandbox(
    string executable,
    IReadOnlyDictionary<string, string> processEnvironment,
    SandboxSpec spec,
    RuntimeApiServer server,
    double patience
) : Sandbox(patience)
{
    private const int Terminate = 15;

    /// <summary>Lambda gives a runtime 300 to 2000 ms between SIGTERM and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    private Process? _process;
    private Task<string> _exit = Task.FromResult(string.Empty);

    private protected override Task<string> Start() => _exit = RunAsync();

    private protected override void Kill() => _process?.Kill(entireProcessTree: true);

    public override async ValueTask DisposeAsync()
    {
        if (_process is null)
        {
            return;
        }

        if (!_process.HasExited)
        {
            _ = Signal(_process.Id, Terminate);
        }

        if (await Task.WhenAny(_exit, Task.Delay(Grace)) != _exit)
        {
            Kill();
            await _exit;
        }

        server.Close(spec.Id);
        _process.Dispose();
    }

    private async Task<string> RunAsync()
    {
        var isLibrary = Path.GetExtension(executable) == ".dll";
        var start = new ProcessStartInfo(isLibrary ? Path.Combine(ExecutableHost.DotnetRoot, "dotnet") : executable)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(executable),
        };
        if (isLibrary)
        {
            start.ArgumentList.Add(executable);
        }

        start.Environment.Clear();
        foreach (var (name, value) in processEnvironment.Concat(spec.Environment))
        {
            start.Environment[name] = value;
        }

        start.Environment["AWS_LAMBDA_RUNTIME_API"] = server.Open(spec.Id, Session);
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        var output = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
        await _process.WaitForExitAsync();

        // A child that outlives the function keeps its pipes open.
        await Task.WhenAny(output, Task.Delay(OutputGrace));
        return _process.ExitCode == 0 ? string.Empty : $"exit status {_process.ExitCode}";
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Log(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
