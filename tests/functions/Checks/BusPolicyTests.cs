using Deployer.Functions.Checks;

namespace Deployer.Functions.Tests.Checks;

public sealed class BusPolicyTests
{
    private const string Account = "111111111111";

    [Theory]
    [InlineData("""{"AWS":"111111111111"}""")]
    [InlineData("""{"AWS":["222222222222","arn:aws:iam::111111111111:root"]}""")]
    [InlineData("""{"AWS":"*"}""")]
    [InlineData("\"*\"")]
    public void A_statement_that_names_the_account_lets_it_in(string principal) =>
        BusPolicy.Allows(Policy("Allow", principal, "\"events:PutEvents\""), Account).ShouldBeTrue();

    [Theory]
    [InlineData("Allow", """{"AWS":"222222222222"}""", "\"events:PutEvents\"")]
    [InlineData("Deny", """{"AWS":"111111111111"}""", "\"events:PutEvents\"")]
    [InlineData("Allow", """{"AWS":"111111111111"}""", "[\"events:PutRule\"]")]
    [InlineData("Allow", """{"Service":"events.amazonaws.com"}""", "\"events:PutEvents\"")]
    public void Any_other_one_does_not(string effect, string principal, string action) =>
        BusPolicy.Allows(Policy(effect, principal, action), Account).ShouldBeFalse();

    [Fact]
    public void A_bus_without_a_policy_lets_nobody_in()
    {
        BusPolicy.Allows(null, Account).ShouldBeFalse();
        BusPolicy.Allows(string.Empty, Account).ShouldBeFalse();
    }

    private static string Policy(string effect, string principal, string action) =>
        $$"""
            {"Version":"2012-10-17","Statement":[{"Effect":"{{effect}}","Principal":{{principal}},"Action":{{action}},"Resource":"*"}]}
            """;
}
