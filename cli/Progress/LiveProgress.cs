using Deployer.Cli.Output;
using Spectre.Console;

namespace Deployer.Cli.Progress;

/// <summary>Progress on a terminal: one table, drawn in place, that is gone when the result is shown.</summary>
internal sealed class LiveProgress : IProgressView
{
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(120);

    private readonly Lock _lock = new();
    private readonly Screen _screen;
    private readonly ProgressTable _table;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _drawing;

    /// <summary>Begins to draw.</summary>
    public LiveProgress(Screen screen, bool isSimulated = true)
    {
        _screen = screen;
        _table = new ProgressTable(screen.HasColors, isSimulated);
        screen.Console.Profile.Width = Columns;
        _drawing = screen.Console.Live(_table.Draw(Columns)).AutoClear(enabled: true).StartAsync(Run);
    }

    /// <summary>
    /// Columns that are drawn in. A terminal writes ^C behind the picture when somebody presses Ctrl-C; wrapped, it would move the picture
    /// by a line, and the first one would stay above the result.
    /// </summary>
    private int Columns => _screen.Width - "^C^C".Length;

    /// <inheritdoc/>
    public void Report(ProgressEvent happened)
    {
        lock (_lock)
        {
            _table.Add(happened);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        await _drawing;
    }

    private async Task Run(LiveDisplayContext context)
    {
        while (await Task.WhenAny(_ended.Task, Task.Delay(Refresh)) != _ended.Task)
        {
            // A frame for the window as it was would be wrapped, and stay where the next one is drawn.
            _screen.Console.Profile.Width = Columns;
            lock (_lock)
            {
                context.UpdateTarget(_table.Draw(Columns));
            }
        }
    }
}
