using System.Text;
using Deployer.Rehearsal.Wire;

namespace Deployer.Rehearsal.Lambda.Hosting;

/// <summary>An execution environment that is a task of this process.</summary>
internal sealed class TaskSandbox(InProcessEntry entry, IWireEndpoint aws, SandboxSpec spec, double patience) : Sandbox(patience)
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected override async Task<string> Start()
    {
        // Code of this process cannot be ended by force: after a kill it is left to itself, its answers go nowhere.
        var run = Task.Run(RunAsync);
        return await Task.WhenAny(run, _killed.Task) == run ? await run : "signal: killed";
    }

    private protected override void Kill()
    {
        Session.Close();
        _stop.Cancel();
        _killed.TrySetResult();
    }

    public override ValueTask DisposeAsync()
    {
        Kill();
        return ValueTask.CompletedTask;
    }

    private async Task<string> RunAsync()
    {
        using var runtimeApi = new HttpClient(new InMemoryTransport(Session)) { Timeout = Timeout.InfiniteTimeSpan };
        using var transport = new InMemoryTransport(aws);
        await using var log = new LineWriter(Log);
        var environment = new Dictionary<string, string>(spec.Environment, StringComparer.Ordinal)
        {
            ["AWS_LAMBDA_RUNTIME_API"] = "in-process",
        };
        try
        {
            await entry(spec.Handler, environment, runtimeApi, transport, log, _stop.Token);
            return string.Empty;
        }
        catch (Exception exception)
        {
            // What an exception that nobody catches does to a process.
            Log($"Unhandled exception. {exception}");
            return "exit status 134";
        }
    }

    /// <summary>Hands on whole lines.</summary>
    private sealed class LineWriter(Action<string> write) : TextWriter
    {
        private readonly StringBuilder _line = new();
        private readonly Lock _gate = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            lock (_gate)
            {
                if (value != '\n')
                {
                    _line.Append(value);
                    return;
                }

                write(_line.ToString());
                _line.Clear();
            }
        }

        public override void WriteLine(string? value)
        {
            lock (_gate)
            {
                foreach (var character in value.AsSpan())
                {
                    Write(character);
                }

                Write('\n');
            }
        }
    }
}
