using Deployer.Functions.Errors;

namespace Deployer.Functions.Tests.Errors;

public sealed class CauseTextTests
{
    [Theory]
    [InlineData("\U0001F680\U0001F680", 4, "\U0001F680\U0001F680")]
    [InlineData("\U0001F680\U0001F680", 3, "\U0001F680…")]
    [InlineData("a\U0001F680b", 3, "a…")]
    [InlineData("abcd", 3, "ab…")]
    public void A_text_that_is_cut_is_text_still(string text, int length, string cut) => CauseText.Shorten(text, length).ShouldBe(cut);
}
