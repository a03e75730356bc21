using System.Text;
using Deployer.Cli.Output;
using Deployer.Cli.Progress;

namespace Deployer.Cli.Tests.Progress;

public sealed class LiveProgressTests
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

        Shown(["$ seq 2", "1", "2", ""], bytes.ToString()).ShouldBe(["$ seq 2", "1", "2"]);
    }

    /// <summary>What a terminal shows that takes an upward move by none for one by one line, as xterm and tmux do.</summary>
    /// <remarks>
    /// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html: CUU, "Cursor Up Ps Times (default = 1)", where 0 is the default.
    /// </remarks>
    private static string[] Shown(IEnumerable<string> lines, string bytes)
    {
        var screen = lines.ToList();
        var (row, column) = (screen.Count - 1, 0);
        for (var i = 0; i < bytes.Length; i++)
        {
            switch (bytes[i])
            {
                case '\r':
                    column = 0;
                    break;
                case '\n':
                    row++;
                    column = 0;
                    if (row == screen.Count)
                    {
                        screen.Add(string.Empty);
                    }

                    break;
                case '\e':
                    var end = i + 2;
                    while (!char.IsAsciiLetter(bytes[end]))
                    {
                        end++;
                    }

                    var argument = bytes[(i + 2)..end];
                    switch (bytes[end])
                    {
                        case 'A':
                            row = Math.Max(0, row - Math.Max(1, argument.Length == 0 ? 1 : int.Parse(argument, null)));
                            break;
                        case 'K':
                            screen[row] = string.Empty;
                            break;
                    }

                    i = end;
                    break;
                default:
                    screen[row] = screen[row].PadRight(column)[..column] + bytes[i] + screen[row].PadRight(column + 1)[(column + 1)..];
                    column++;
                    break;
            }
        }

        return [.. screen.Select(line => line.TrimEnd()).Reverse().SkipWhile(line => line.Length == 0).Reverse()];
    }

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
