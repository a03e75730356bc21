using Deployer.Spec.Sources;

namespace Deployer.Spec.Tests.Sources;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("./a//b/", "a/b")]
    [InlineData("a/../b", "b")]
    [InlineData(".", "")]
    [InlineData("a/..", "")]
    [InlineData("...", "...")]
    public void Is_written_in_one_form(string text, string value)
    {
        RelativePath.TryParse(text, out var path, out _).ShouldBeTrue();
        path.ShouldNotBeNull().Value.ShouldBe(value);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("..", "leaves the folder")]
    [InlineData("a/../..", "leaves the folder")]
    [InlineData("/a", "is absolute")]
    [InlineData("c:a", "is absolute")]
    [InlineData("a\\b", "contains a backslash")]
    [InlineData("a\0b", "contains a control character")]
    public void Cannot_leave_the_folder(string text, string problem)
    {
        RelativePath.TryParse(text, out _, out var why).ShouldBeFalse();
        why.ShouldBe(problem);
    }

    [Fact]
    public void Is_refused_when_too_long()
    {
        RelativePath.TryParse(new string('a', 256), out _, out var why).ShouldBeFalse();
        why.ShouldBe("has a part longer than 255 characters");
        RelativePath.TryParse(string.Concat(Enumerable.Repeat("a/", 600)), out _, out why).ShouldBeFalse();
        why.ShouldBe("is longer than 1024 characters");
    }

    [Theory]
    [InlineData("b", true)]
    [InlineData("../b", true)]
    [InlineData("../../b", false)]
    [InlineData("/b", false)]
    public void A_path_below_may_climb_but_not_leave(string text, bool allowed) =>
        RelativePath.Parse("a").TryAppend(text, out _, out _).ShouldBe(allowed);
}
