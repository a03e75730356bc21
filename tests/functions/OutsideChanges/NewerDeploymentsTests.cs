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
}
