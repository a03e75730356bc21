using Deployer.Cli.Output;
using Deployer.Cli.Places;

namespace Deployer.Cli.Tests.Places;

public sealed class PlanDecisionTests
{
    private const string Plan = "arn:aws:states:us-east-1:222222222222:execution:deployer-dev-plan:one";

    [Theory]
    [InlineData("not \u001b[2Jtoday", "has a control character, such as a line break; expected text on one line")]
    [InlineData("not\ntoday", "has a control character, such as a line break; expected text on one line")]
    [InlineData("c1 \u009b", "has a control character, such as a line break; expected text on one line")]
    [InlineData("not today, é 😀", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_reason_is_text_on_one_line(string? reason, string? problem) => PlanDecision.ProblemOf(reason).ShouldBe(problem);

    [Fact]
    public void A_reason_is_as_long_as_the_comment_of_a_manual_approval_at_most()
    {
        PlanDecision.ProblemOf(new string('x', 512)).ShouldBeNull();
        PlanDecision.ProblemOf(new string('x', 513)).ShouldBe("has 513 characters; expected 512 at most");
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("reject")]
    public async Task A_reason_that_cannot_be_kept_is_refused_before_anything_is_asked(string verb)
    {
        var refused = await DeployerProcess.Run(verb, Plan, "--reason", "not \u001b[2Jtoday");

        refused.ExitCode.ShouldBe(ExitCodes.InvalidInput, refused.Error);
        refused.Error.Words().ShouldContain("--reason has a control character");
        refused.Error.ShouldNotContain("\u001b[2J");
    }
}
