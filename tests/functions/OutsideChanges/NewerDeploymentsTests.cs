using Deployer.Functions.Lock;

namespace Deployer.Functions.Tests.OutsideChanges;

public sealed class NewerDeploymentsTests
{
    [Fact]
    public void A_target_at_which_nothing_has_begun_since_is_free_for_what_is_deployed_again() =>
        new LockRecord { LastNumber = 4, Changed = 4 }
            .IsWantedByNewer(4)
            .ShouldBeFalse();

    [Fact]
    public void What_has_begun_since_and_may_still_change_things_comes_first() =>
        new LockRecord { LastNumber = 5, Changed = 4 }
            .IsWantedByNewer(4)
            .ShouldBeTrue();

    [Fact]
    public void What_has_begun_since_and_has_changed_things_comes_first() =>
        new LockRecord { LastNumber = 5, Changed = 5 }
            .IsWantedByNewer(4)
            .ShouldBeTrue();

    [Fact]
    public void What_has_begun_since_and_ended_without_changing_anything_is_in_nobodys_way() =>
        new LockRecord
        {
            LastNumber = 5,
            Changed = 4,
            Ended = [new EndedDeployment(5, 0)],
        }
            .IsWantedByNewer(4)
            .ShouldBeFalse();

    /// <summary>Its function has died after it got the number, and is tried again.</summary>
    [Fact]
    public void A_deployment_that_has_its_number_already_is_not_newer_than_itself()
    {
        var given = new LockRecord { LastNumber = 4, Changed = 4 }.WithNextNumber(new("changed-1"));

        given.LastNumber.ShouldBe(5);
        given.WasGivenTo(new("changed-1")).ShouldBeTrue();
        given.WithNextNumber(new("changed-1")).ShouldBe(given);
        given.WasGivenTo(new("another")).ShouldBeFalse();
        given.WithNextNumber(new("another")).LastNumber.ShouldBe(6);
    }

    [Fact]
    public void A_number_that_was_used_is_not_given_again()
    {
        var given = new LockRecord { LastNumber = 4, Changed = 4 }.WithNextNumber(new("changed-1"));

        (given with { Changed = 5 }).WithNextNumber(new("changed-1")).LastNumber.ShouldBe(6);
        (given with { Ended = [new EndedDeployment(5, 0)] }).WithNextNumber(new("changed-1")).LastNumber.ShouldBe(6);
    }
}
