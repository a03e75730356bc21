using Deployer.Functions.Deployments;

namespace Deployer.Functions.Tests.Deployments;

public sealed class FinishTests
{
    /// <summary>https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html</summary>
    private const int LargestOutput = 262_144;

    [Theory]
    [InlineData("a")]
    [InlineData("ü")]
    [InlineData("\"")]
    [InlineData("\U0001F680")]
    public void Notices_without_end_fit_into_the_output_of_an_execution(string character)
    {
        var notice = string.Concat(Enumerable.Repeat(character, 5000));

        var fitting = Finish.AsManyAsFit(Enumerable.Repeat(notice, 20_000));

        var end = new DeploymentEnd(new("one"), "inventory", "dev", null, DeploymentOutcome.Succeeded, fitting);
        using var output = new MemoryStream();
        new PayloadSerializer().Serialize(end, output);
        output.Length.ShouldBeInRange(50_000, LargestOutput);
    }

    [Fact]
    public void Few_notices_are_all_there() => Finish.AsManyAsFit(["one", "two"]).ShouldBe(["one", "two"]);
}
