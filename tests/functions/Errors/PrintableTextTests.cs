using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Errors;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("as it is", "as it is", "as it is")]
    [InlineData("by a\u001b[31mred\u0007", "by a?[31mred?", "by a?[31mred?")]
    [InlineData("c1 \u009b", "c1 ?", "c1 ?")]
    [InlineData("one\r\ntwo\tthree\rfour", "one\r\ntwo\tthree\rfour", "one two three four")]
    public void What_could_steer_a_terminal_is_a_question_mark(string text, string onLines, string onOneLine)
    {
        PrintableText.OnLines(text).ShouldBe(onLines);
        PrintableText.OnOneLine(text).ShouldBe(onOneLine);
    }

    [Fact]
    public void A_text_without_is_the_same_text()
    {
        const string Text = "one\ntwo";

        PrintableText.OnLines(Text).ShouldBeSameAs(Text);
    }
}
