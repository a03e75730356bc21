using Deployer.Spec.Faults;

namespace Deployer.Spec.Tests.Faults;

public sealed class NearestNameTests
{
    private static readonly string[] Known = ["stack", "template", "parameters", "after"];

    [Theory]
    [InlineData("stak", "stack")]
    [InlineData("STACK", "stack")]
    [InlineData("satck", "stack")]
    [InlineData("paramters", "parameters")]
    [InlineData("afterr", "after")]
    [InlineData("templates", "template")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("something-else", null)]
    public void Is_the_one_that_was_probably_meant(string name, string? nearest) => NearestName.Find(name, Known).ShouldBe(nearest);

    [Fact]
    public void Long_names_are_compared_by_their_beginning() => NearestName.Find(new string('x', 1_000_000), Known).ShouldBeNull();
}
