namespace Deployer.Spec.Tests;

public sealed class NotificationKindTests
{
    private static IReadOnlyList<NotificationKind> Prod(string kinds)
    {
        var reading = Inventory.ReadWith("approval: false", $"approval: false, notifications: {kinds}");
        reading.Faults.ShouldBeEmpty();
        return reading.Spec!.Target("prod")!.Notifications;
    }

    [Fact]
    public void A_target_that_says_nothing_has_all_but_starts_and_nothing_to_do()
    {
        var usual = Inventory.ReadWith("approval: false", "approval: true").Spec!.Target("prod")!.Notifications;
        Enum.GetValues<NotificationKind>().Except(usual).ShouldBe([NotificationKind.Started, NotificationKind.NothingToDo]);
    }

    [Fact]
    public void A_target_may_choose() => Prod("[ failed, started ]").ShouldBe([NotificationKind.Failed, NotificationKind.Started]);

    [Fact]
    public void A_target_may_want_to_hear_of_nothing() => Prod("[]").ShouldBeEmpty();

    [Theory]
    [InlineData("[ faild ]", "did you mean \"failed\"?")]
    [InlineData("failed", "expected a list")]
    public void What_is_no_kind_is_refused_with_its_position(string kinds, string expected) =>
        Inventory
            .ReadWith("approval: false", $"approval: false, notifications: {kinds}")
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldContain(expected);

    [Fact]
    public void Every_name_of_a_kind_is_known()
    {
        NotificationKinds.Names.Select(NotificationKinds.Find).ShouldBe(Enum.GetValues<NotificationKind>().Cast<NotificationKind?>());
        Enum.GetValues<NotificationKind>().Select(kind => kind.Text()).ShouldBe(NotificationKinds.Names);
    }
}
