using Deployer.Cli.Output;

namespace Deployer.Cli.Tests.Output;

public sealed class TextWrappingTests
{
    [Fact]
    public void Lines_break_at_word_ends_and_hang_below_the_first() =>
        TextWrapping.Wrap("one two three four", width: 12, indent: 2, hanging: 2).ShouldBe(["  one two", "    three", "    four"]);

    [Fact]
    public void A_word_that_is_longer_than_a_line_stays_whole() =>
        TextWrapping.Wrap("to arn:aws:states:us-east-1 now", width: 10).ShouldBe(["to", "arn:aws:states:us-east-1", "now"]);

    [Fact]
    public void Line_breaks_of_the_text_are_kept() => TextWrapping.Wrap("one\ntwo", width: 20, indent: 1).ShouldBe([" one", " two"]);

    [Fact]
    public void A_label_stands_before_the_first_line_with_its_spaces() =>
        TextWrapping.Wrap("one two three", width: 12, hanging: 4, label: "a   ").ShouldBe(["a   one two", "    three"]);
}
