namespace Deployer.Spec.Tests;

public sealed class StackChangePolicyTests
{
    [Theory]
    [InlineData("notify", StackChangePolicy.Notify)]
    [InlineData("redeploy", StackChangePolicy.Redeploy)]
    [InlineData("ignore", StackChangePolicy.Ignore)]
    public void A_target_says_what_is_done(string text, StackChangePolicy policy)
    {
        var reading = Inventory.ReadWith("approval: false", $"onStackChange: {text}");

        reading.Faults.ShouldBeEmpty();
        reading.Spec!.Target("prod")!.OnStackChange.ShouldBe(policy);
    }

    [Fact]
    public void A_target_that_says_nothing_is_reported() =>
        Inventory.ReadWith("approval: false", "approval: false").Spec!.Target("prod")!.OnStackChange.ShouldBe(StackChangePolicy.Notify);

    [Fact]
    public void Another_word_is_refused_with_its_position()
    {
        var fault = Inventory.ReadWith("approval: false", "onStackChange: redeploys").Faults.ShouldHaveSingleItem().ToString();

        fault.ShouldContain("did you mean \"redeploy\"?");
        fault.ShouldMatch(@"deployer\.yaml:\d+:\d+");
    }

    [Fact]
    public void Every_name_has_a_policy_of_its_own() =>
        StackChangePolicies.Names.Select(StackChangePolicies.Find).Distinct().Count().ShouldBe(Enum.GetValues<StackChangePolicy>().Length);
}
