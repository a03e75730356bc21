using Deployer.Cli.Progress;
using Spectre.Console;

namespace Deployer.Cli.Tests.Progress;

public sealed class ProgressTableTests
{
    [Fact]
    public void Each_step_is_a_row_with_its_task_and_its_time()
    {
        var shown = Shown(
            new ProgressEvent.ExecutionBegan(TimeSpan.FromSeconds(10), "inventory-dev-1", "deploying", ExecutionBeginning.Started),
            new ProgressEvent.StepsOrdered(TimeSpan.FromSeconds(10), ["group", "ions", "api"]),
            new ProgressEvent.TaskBegan(TimeSpan.FromSeconds(20), "group", "update stack"),
            new ProgressEvent.StepEnded(TimeSpan.FromSeconds(80), "group", StepEnd.Succeeded),
            new ProgressEvent.TaskBegan(TimeSpan.FromSeconds(90), "ions", "push ions")
        );

        shown[0].ShouldEndWith("deploying 1:30 simulated");
        shown
            .Skip(1)
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ShouldBe(["✓ group 1:00", $"{shown[0][0]} ions push ions 0:00", "· api not started"]);
    }

    [Fact]
    public void A_row_has_what_its_task_waits_for_until_the_next_one_begins()
    {
        ProgressEvent[] waits =
        [
            new ProgressEvent.StepsOrdered(TimeSpan.Zero, ["ions"]),
            new ProgressEvent.TaskBegan(TimeSpan.Zero, "ions", "push ions"),
            new ProgressEvent.TaskWaits(TimeSpan.FromSeconds(5), "ions", "build b:1"),
        ];

        Shown(waits)[1].ShouldContain("push ions: build b:1");
        var next = Shown([.. waits, new ProgressEvent.TaskBegan(TimeSpan.FromSeconds(9), "ions", "deploy ions")])[1];
        next.ShouldContain("deploy ions");
        next.ShouldNotContain("build");
    }

    [Fact]
    public void A_step_that_failed_and_one_that_was_stopped_beside_it_differ()
    {
        var shown = Shown(
            new ProgressEvent.StepsOrdered(TimeSpan.Zero, ["ions", "network"]),
            new ProgressEvent.TaskBegan(TimeSpan.Zero, "ions", "push ions"),
            new ProgressEvent.TaskBegan(TimeSpan.Zero, "network", "update stack"),
            new ProgressEvent.StepEnded(TimeSpan.FromSeconds(5), "ions", StepEnd.Failed),
            new ProgressEvent.StepEnded(TimeSpan.FromSeconds(6), "network", StepEnd.Stopped)
        );

        shown[1].ShouldStartWith("✗");
        shown[1].ShouldContain("failed");
        shown[2].ShouldStartWith("-");
        shown[2].ShouldContain("stopped");
    }

    [Theory]
    [InlineData("planning")]
    [InlineData("turning groups off")]
    public void The_title_says_what_is_done(string work)
    {
        var shown = Shown(new ProgressEvent.ExecutionBegan(TimeSpan.FromSeconds(16), "one", work, ExecutionBeginning.Started));

        shown.ShouldHaveSingleItem().ShouldEndWith($"{work} 0:16 simulated");
    }

    [Theory]
    [InlineData(nameof(ExecutionEnd.Succeeded), "succeeded")]
    [InlineData(nameof(ExecutionEnd.TimedOut), "timed out")]
    public void An_end_is_not_called_more_than_it_is(string end, string word)
    {
        var shown = Shown(new ProgressEvent.ExecutionEnded(TimeSpan.FromSeconds(16), Enum.Parse<ExecutionEnd>(end)));

        shown.ShouldHaveSingleItem().ShouldEndWith($"{word}; reading the result 0:16 simulated");
    }

    [Fact]
    public void Without_colors_there_is_nothing_but_the_text() => Drawn(hasColors: false).ShouldNotContain("\e[");

    [Fact]
    public void A_mark_is_colored_where_there_are_colors() => Drawn(hasColors: true).ShouldContain("\e[");

    private static IReadOnlyList<string> Shown(params ProgressEvent[] events) =>
        [.. Drawn(hasColors: false, events).Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];

    private static string Drawn(bool hasColors) =>
        Drawn(
            hasColors,
            new ProgressEvent.TaskBegan(TimeSpan.Zero, "ions", "push ions"),
            new ProgressEvent.StepEnded(TimeSpan.Zero, "ions", StepEnd.Failed)
        );

    private static string Drawn(bool hasColors, params ProgressEvent[] events)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = hasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = 60;
        console.Profile.Capabilities.Unicode = true;
        var table = new ProgressTable(hasColors);
        foreach (var happened in events)
        {
            table.Add(happened);
        }

        console.Write(table.Draw(columns: 60));
        return writer.ToString();
    }
}
