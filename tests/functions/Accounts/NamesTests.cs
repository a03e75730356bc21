using System.Text.RegularExpressions;
using Deployer.Functions.Accounts;

namespace Deployer.Functions.Tests.Accounts;

public sealed partial class NamesTests
{
    [Theory]
    [InlineData("inventory-dev-1", "group", "stack", 1)]
    [InlineData("9starts-with-a-digit", "step.with_dots", "push", 12)]
    [InlineData(
        "a-very-long-deployment-name-that-goes-on-and-on-until-it-has-eighty-characters-",
        "and-a-step-name-that-is-long-too",
        "deploy",
        3
    )]
    public void A_token_fits_wherever_AWS_takes_one(string deployment, string step, string task, int attempt)
    {
        var token = Names.Token(deployment, step, task, attempt);

        token.Length.ShouldBeLessThanOrEqualTo(100);
        Allowed().IsMatch(token).ShouldBeTrue(token);
        Names.Token(deployment, step, task, attempt).ShouldBe(token);
    }

    [Fact]
    public void Another_attempt_has_another_token() =>
        Names.Token("d", "step", "stack", 1).ShouldNotBe(Names.Token("d", "step", "stack", 2));

    [Fact]
    public void Long_names_that_begin_alike_stay_different() =>
        Names.Limit(new string('a', 90) + "1", 40).ShouldNotBe(Names.Limit(new string('a', 90) + "2", 40));

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9]*$")]
    private static partial Regex Allowed();
}
