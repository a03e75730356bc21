namespace Deployer.Spec.Tests;

public sealed class DriftReactionTests
{
    private static DriftReaction? Prod(string members)
    {
        var reading = Inventory.ReadWith("approval: false", members);
        reading.Faults.ShouldBeEmpty();
        return reading.Spec!.Target("prod")!.Drift;
    }

    [Fact]
    public void Nobody_looks_for_drift_unless_a_target_asks_for_it() => Prod("approval: true").ShouldBeNull();

    [Fact]
    public void A_target_warns_or_refuses()
    {
        Prod("drift: warn").ShouldBe(DriftReaction.Warn);
        Prod("drift: refuse").ShouldBe(DriftReaction.Refuse);
    }

    [Fact]
    public void Another_reaction_is_refused_with_its_position() =>
        Inventory
            .ReadWith("approval: false", "drift: refused")
            .Faults.ShouldHaveSingleItem()
            .ToString()
            .ShouldContain("did you mean \"refuse\"?");

    [Fact]
    public void Every_name_is_known() =>
        DriftReactions.Names.Select(DriftReactions.Find).ShouldBe(Enum.GetValues<DriftReaction>().Cast<DriftReaction?>());
}
