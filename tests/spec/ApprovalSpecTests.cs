namespace Deployer.Spec.Tests;

public sealed class ApprovalSpecTests
{
    private static ApprovalSpec? Prod(string approval)
    {
        var reading = Inventory.ReadWith("approval: false", $"approval: {approval}");
        reading.Faults.ShouldBeEmpty();
        return reading.Spec!.Target("prod")!.Approval;
    }

    [Fact]
    public void False_asks_nobody() => Prod("false").ShouldBeNull();

    [Fact]
    public void True_asks_about_every_change_for_a_day()
    {
        var approval = Prod("true").ShouldNotBeNull();
        approval.For.ShouldBeEmpty();
        approval.ExpireAfter.ShouldBe(TimeSpan.FromHours(24));
    }

    [Fact]
    public void A_rule_names_what_a_person_is_asked_about_and_how_long_an_approval_holds()
    {
        var approval = Prod("{ for: [ replacements, removals, risky ], expireAfter: 8h }").ShouldNotBeNull();
        approval.For.ShouldBe([ApprovalReason.Replacements, ApprovalReason.Removals, ApprovalReason.Risky]);
        approval.ExpireAfter.ShouldBe(TimeSpan.FromHours(8));
    }

    [Fact]
    public void Two_rules_together_ask_about_what_either_asks_about_and_as_long_as_the_shorter_holds()
    {
        var removals = new ApprovalSpec([ApprovalReason.Removals], TimeSpan.FromHours(8));
        var risky = new ApprovalSpec([ApprovalReason.Risky], TimeSpan.FromHours(24));
        var every = new ApprovalSpec([], TimeSpan.FromHours(24));

        ApprovalSpec.Stricter(null, null).ShouldBeNull();
        ApprovalSpec.Stricter(removals, null).ShouldBe(removals);
        ApprovalSpec.Stricter(null, removals).ShouldBe(removals);
        var both = ApprovalSpec.Stricter(risky, removals).ShouldNotBeNull();
        both.For.ShouldBe([ApprovalReason.Risky, ApprovalReason.Removals]);
        both.ExpireAfter.ShouldBe(TimeSpan.FromHours(8));
        var all = ApprovalSpec.Stricter(removals, every).ShouldNotBeNull();
        all.For.ShouldBeEmpty("none stands for every plan");
        all.ExpireAfter.ShouldBe(TimeSpan.FromHours(8));
    }

    [Theory]
    [InlineData("7d", 7)]
    [InlineData("20d", 20)]
    [InlineData("89d", 89)]
    [InlineData("90d", 90)]
    public void An_approval_holds_for_days(string expireAfter, int days) =>
        Prod($"{{ expireAfter: {expireAfter} }}").ShouldNotBeNull().ExpireAfter.ShouldBe(TimeSpan.FromDays(days));

    [Theory]
    [InlineData("{ for: [ replacement ] }", "did you mean \"replacements\"?")]
    [InlineData("{ for: [] }", "expected at least one item")]
    [InlineData("{ expireAfter: soon }", "expected hours or days such as 72h or 7d")]
    [InlineData("{ expireAfter: 2161h }", "at most 90d: plans are kept no longer")]
    [InlineData("{ expireAfter: 91d }", "at most 90d: plans are kept no longer")]
    [InlineData("{ expireAfter: 400d }", "at most 90d: plans are kept no longer")]
    public void What_is_no_rule_is_refused(string approval, string expected) =>
        Inventory.ReadWith("approval: false", $"approval: {approval}").Faults.ShouldHaveSingleItem().ToString().ShouldContain(expected);

    [Fact]
    public void Every_name_of_a_reason_is_known() =>
        ApprovalReasons.Names.Select(ApprovalReasons.Find).ShouldBe(Enum.GetValues<ApprovalReason>().Cast<ApprovalReason?>());
}
