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

    [Theory]
    [InlineData("d", "a-b", "d", "a_b")]
    [InlineData("d", "a-b", "d", "a.b")]
    [InlineData("one", "two-three", "one-two", "three")]
    [InlineData("one-two", "three-four", "one", "two-three-four")]
    public void Names_that_look_alike_have_tokens_of_their_own(string deployment, string step, string otherDeployment, string otherStep) =>
        Names.Token(deployment, step, "stack", 1).ShouldNotBe(Names.Token(otherDeployment, otherStep, "stack", 1));

    [Theory]
    [InlineData("inventory", "group", "d-inventory-group-stack-1")]
    [InlineData("inventory_x", "my-step", "d-inventory-x-my-step-stack-1")]
    public void Records_of_the_version_before_go_on_under_their_tokens(string deployment, string step, string token) =>
        Names.EarlierToken(deployment, step, "stack", 1).ShouldBe(token);

    [Theory]
    [InlineData("one", "group", 1, "one", "group", 1, true)]
    [InlineData("one", "group", 1, "one", "group", 2, true)]
    [InlineData("one", "group", 2, "one", "group", 1, false)]
    [InlineData("one", "group", 12, "one", "group", 1, false)]
    [InlineData("one-two", "group", 1, "one", "group", 1, false)]
    [InlineData("one", "two-group", 1, "one", "two", 1, false)]
    [InlineData("a_b", "group", 1, "a-b", "group", 1, false)]
    [InlineData("a_b", "my-step", 1, "a_b", "my-step", 1, true)]
    public void A_token_is_of_the_task_that_has_given_it_in_an_attempt_so_far(
        string deployment,
        string step,
        int attempt,
        string askedDeployment,
        string askedStep,
        int attempts,
        bool isOwn
    )
    {
        var token = Names.Token(deployment, step, "stack", attempt);

        Names.IsTokenOf(token, askedDeployment, askedStep, "stack", attempts).ShouldBe(isOwn);
        Names.IsTokenOf($"{token}-mend", askedDeployment, askedStep, "stack", attempts).ShouldBe(isOwn);
    }

    [Fact]
    public void The_longest_deployment_that_a_token_may_be_of_comes_first() =>
        Names.DeploymentsOf("d-one-two-group-stack-1").ShouldBe(["one-two-group-stack", "one-two-group", "one-two", "one"]);

    [Fact]
    public void Names_that_differ_in_what_is_not_allowed_stay_different() => Names.Limit("a_b", 40).ShouldNotBe(Names.Limit("a-b", 40));

    [Fact]
    public void Long_names_that_begin_alike_stay_different() =>
        Names.Limit(new string('a', 90) + "1", 40).ShouldNotBe(Names.Limit(new string('a', 90) + "2", 40));

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9]*$")]
    private static partial Regex Allowed();
}
