using System.Text;
using System.Text.RegularExpressions;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;
using Deployer.Cli.Tests.Output;

namespace Deployer.Cli.Tests.Progress;

public sealed partial class LiveProgressTests
{
    [Fact]
    public async Task What_stood_on_the_terminal_stays_and_nothing_of_the_progress_does()
    {
        var bytes = new StringBuilder();
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var writer = new Recorder(bytes, frames: 6, drawn);
        var screen = new Screen(writer, width: 60, hasColors: true, isLive: true);

        await using (var progress = new LiveProgress(screen))
        {
            // Each frame of one line would go up by one more.
            await drawn.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            progress.Report(new ProgressEvent.StepsOrdered(TimeSpan.Zero, ["ions", "network"]));
        }

        XtermScreen.Shown(["$ seq 2", "1", "2", ""], bytes.ToString()).ShouldBe(["$ seq 2", "1", "2"]);
    }

    /// <summary>A frame that is wider than the window would be wrapped by the terminal, and a part of it stay above the next one.</summary>
    [Fact]
    public async Task What_is_drawn_is_as_wide_as_the_window_is_then()
    {
        var (bytes, columns) = (new StringBuilder(), 120);
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var writer = new Recorder(bytes, frames: 6, drawn);
        var screen = new Screen(writer, () => columns, hasColors: false, isLive: true);

        await using (var progress = new LiveProgress(screen))
        {
            columns = 50;
            progress.Report(new ProgressEvent.WorkEnded($"starting: uploaded s3://{new string('b', 60)}/{new string('k', 60)}"));
            await drawn.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        var frames = bytes.ToString().Split('\n').Where(line => line.Contains("uploaded s3://bbb", StringComparison.Ordinal)).ToList();
        frames.ShouldNotBeEmpty();
        frames.ShouldAllBe(line => line.TrimEnd('\r').EndsWith('…') && line.Length - line.IndexOf('s', StringComparison.Ordinal) < 50);
    }

    /// <summary>
    /// A terminal shows what is pressed behind the picture (ECHOCTL, https://man7.org/linux/man-pages/man3/termios.3.html): wrapped, it
    /// would leave a row above the result.
    /// </summary>
    [Fact]
    public async Task A_Ctrl_C_that_is_shown_behind_the_picture_moves_nothing()
    {
        var bytes = new StringBuilder();
        var drawn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var writer = new Recorder(bytes, frames: 6, drawn);
        var screen = new Screen(writer, width: 60, hasColors: false, isLive: true);

        await using (var progress = new LiveProgress(screen))
        {
            progress.Report(new ProgressEvent.WorkEnded($"starting: uploaded s3://{new string('b', 90)}"));
            progress.Report(new ProgressEvent.StepsOrdered(TimeSpan.Zero, ["ions", new string('n', 90)]));
            await drawn.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }

        foreach (var line in bytes.ToString().Split('\n'))
        {
            Controls().Replace(line, string.Empty).TrimEnd('\r').Length.ShouldBeLessThanOrEqualTo(60 - "^C".Length, line);
        }
    }

    [GeneratedRegex("\u001b\\[[0-9?;]*[A-Za-z]|.*\r(?=.)")]
    private static partial Regex Controls();

    /// <summary>Keeps what is written, and says when the spinner has moved a number of times.</summary>
    private sealed class Recorder(StringBuilder bytes, int frames, TaskCompletionSource drawn) : StringWriter(bytes)
    {
        private int _left = frames;

        public override void Write(string? value)
        {
            base.Write(value);
            if (value?.Contains("starting", StringComparison.Ordinal) == true && --_left == 0)
            {
                drawn.TrySetResult();
            }
        }
    }
}
