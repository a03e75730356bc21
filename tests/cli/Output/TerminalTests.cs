using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class TerminalTests
{
    [Fact]
    public void A_terminal_has_colors_is_drawn_in_place_and_wraps_at_its_window()
    {
        var screen = Open(isRedirected: false, columns: 72);

        (screen.HasColors, screen.IsLive, screen.Width).ShouldBe((true, true, 72));
    }

    // https://no-color.org: "when present and not an empty string (regardless of its value)".
    [Theory]
    [InlineData("1", false)]
    [InlineData("0", false)]
    [InlineData("", true)]
    public void NO_COLOR_takes_the_colors_and_nothing_else(string value, bool hasColors)
    {
        var screen = Open(isRedirected: false, variables: ("NO_COLOR", value));

        (screen.HasColors, screen.IsLive).ShouldBe((hasColors, true));
    }

    [Fact]
    public void A_pipe_or_a_file_has_neither_colors_nor_anything_drawn_in_place()
    {
        var screen = Open(isRedirected: true);

        (screen.HasColors, screen.IsLive, screen.Width).ShouldBe((false, false, 100));
    }

    [Fact]
    public void A_terminal_that_can_do_nothing_is_treated_as_a_pipe_of_its_windows_width()
    {
        var screen = Open(isRedirected: false, columns: 60, ("TERM", "dumb"));

        (screen.HasColors, screen.IsLive, screen.Width).ShouldBe((false, false, 60));
    }

    [Fact]
    public void A_window_whose_width_nobody_says_has_100_columns() => Open(isRedirected: false, columns: 0).Width.ShouldBe(100);

    [Fact]
    public void A_window_that_becomes_narrower_is_written_for_as_it_is_then()
    {
        var columns = 120;
        var screen = Terminal.Open(TextWriter.Null, isRedirected: false, _ => null, () => columns);
        screen.Width.ShouldBe(120);

        columns = 70;

        screen.Width.ShouldBe(70);
    }

    private static Screen Open(bool isRedirected, int columns = 80, params (string Name, string Value)[] variables) =>
        Terminal.Open(
            TextWriter.Null,
            isRedirected,
            name => variables.FirstOrDefault(variable => variable.Name == name).Value,
            () => isRedirected ? throw new IOException("a pipe has no window") : columns
        );
}
