using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class ScreenTests
{
    [Fact]
    public void Tones_are_shown_where_there_are_colors() =>
        Written(hasColors: true, screen => screen.Line("failed", Tone.Bad)).ShouldBe("\e[31mfailed\e[0m\n");

    [Fact]
    public void Without_colors_there_is_nothing_but_the_text() =>
        Written(hasColors: false, screen => screen.Line(("✗ ", Tone.Bad), ("failed", Tone.Strong))).ShouldBe("✗ failed\n");

    [Fact]
    public void A_line_is_never_broken()
    {
        var arn = new string('a', 300);

        Written(hasColors: true, screen => screen.Line(arn)).ShouldBe($"{arn}\n");
    }

    [Fact]
    public void Pieces_are_wrapped_at_word_ends_each_in_its_tone()
    {
        var service = new string('s', 50);

        var written = Written(
            hasColors: true,
            screen => screen.Paragraph(2, ("✓", Tone.Good), (service, Tone.Plain), ("succeeded in 1:00", Tone.Good))
        );

        written.ShouldBe($"\e[32m✓\e[0m {service}\n\e[32m  succeeded\e[0m\e[32m in\e[0m\e[32m 1:00\e[0m\n");
    }

    [Fact]
    public void Text_of_somebody_else_does_not_steer_the_terminal() =>
        Written(hasColors: true, screen => screen.Line("by a\e[31mred\u0007", Tone.Good)).ShouldBe("\e[32mby a?[31mred?\e[0m\n");

    [Fact]
    public void A_narrow_window_is_treated_as_40_columns() => new Screen(TextWriter.Null, width: 3).Width.ShouldBe(40);

    private static string Written(bool hasColors, Action<Screen> write)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        write(new Screen(writer, width: 60, hasColors));
        return writer.ToString();
    }
}
