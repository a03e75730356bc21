using Deployer.Functions.Stacks;

namespace Deployer.Functions.Tests.Stacks;

public sealed class ChangeSetReasonsTests
{
    [Theory]
    [InlineData("The submitted information didn't contain changes. Submit different information to create a change set.", true)]
    [InlineData("No updates are to be performed.", true)]
    [InlineData("Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless Application Specification document.", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Both_known_reasons_mean_nothing_to_do_and_no_other(string? reason, bool nothing) =>
        ChangeSetReasons.IsNothingToDo(reason).ShouldBe(nothing);
}
