using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Deployer.Rehearsal.Tests.DynamoDB;

/// <summary>moto's server on a free port of the loopback interface, when the program is installed.</summary>
public sealed class MotoServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Process? _process;

    public Uri? Address { get; private set; }

    /// <summary>Why there is no address.</summary>
    public string Absence { get; private set; } = "moto_server is not on the path";

    public async ValueTask InitializeAsync()
    {
        if (Program() is not { } program)
        {
            return;
        }

        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
        }

        _process = Process.Start(
            new ProcessStartInfo(program, ["-H", "127.0.0.1", "-p", Address.Port.ToString()])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        if (!await Listening(Address))
        {
            Address = null;
            Absence = $"moto_server did not listen within {Patience.TotalSeconds} s";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }

    private static string? Program() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, "moto_server"))
            .FirstOrDefault(File.Exists);

    private static async Task<bool> Listening(Uri address)
    {
        using var client = new HttpClient();
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri(address, "/moto-api/data.json"), patience.Token);
                return true;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return false;
    }
}
