using System.Runtime.InteropServices;
using Deployer.Cli.Output;

namespace Deployer.Cli.Commands;

/// <summary>
/// SIGINT and SIGTERM: the first one cancels the command, which cleans up; a second one, or <see cref="Patience"/>, ends the process.
/// </summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long a command may clean up.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals;
    private int _count;

    /// <summary>Listens from now on.</summary>
    public Interruption() =>
        _signals = [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt),
        ];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _source.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            Environment.Exit(ExitCodes.Interrupted);
        }

        _ = Task.Delay(Patience).ContinueWith(_ => Environment.Exit(ExitCodes.Interrupted), TaskScheduler.Default);
        _source.Cancel();
    }
}
