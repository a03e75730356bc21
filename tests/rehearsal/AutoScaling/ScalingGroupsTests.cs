using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.Tests.CodeDeploy;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.AutoScaling;

public sealed class ScalingGroupsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_group_launches_as_many_instances_as_desired(int desired)
    {
        await using var fleet = await Fleet.Start(desired);

        fleet.ScalingGroup.InService.Count().ShouldBe(desired);
        (fleet.World.Now - Epoch.Start).ShouldBeGreaterThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Fewer_desired_ends_the_oldest()
    {
        await using var fleet = await Fleet.Start(3);
        var oldest = fleet.ScalingGroup.Instances[0].Id;

        await fleet.World.Do(() =>
            fleet.Scaling.Update(Fleet.Account, Fleet.Region, Fleet.Group, group => group with { DesiredCapacity = 2 })
        );
        await fleet.World.RunUntil(() => fleet.ScalingGroup.Settled);

        fleet.ScalingGroup.Instances.ShouldNotContain(instance => instance.Id == oldest);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(2, 1)]
    public async Task A_rolling_update_exchanges_all_instances_and_keeps_enough_in_service(int maximum, int minimum)
    {
        await using var fleet = await Fleet.Start();
        var former = fleet.ScalingGroup.Instances.Select(instance => instance.Id).ToList();
        var fewest = int.MaxValue;

        await fleet.World.Do(() =>
        {
            fleet.Scaling.Update(
                Fleet.Account,
                Fleet.Region,
                Fleet.Group,
                group => group with { MaxSize = maximum, Template = Fleet.Template with { Version = "2" } }
            );
            fleet.Scaling.Roll(Fleet.Account, Fleet.Region, Fleet.Group, new RollingUpdate(1, minimum));
        });
        await fleet.World.RunUntil(() =>
        {
            fewest = Math.Min(fewest, fleet.ScalingGroup.InService.Count());
            return fleet.ScalingGroup.Settled;
        });

        fleet.ScalingGroup.Instances.Select(instance => instance.Id).Intersect(former).ShouldBeEmpty();
        fewest.ShouldBe(minimum);
    }

    [Fact]
    public async Task A_deleted_group_ends_its_instances_first()
    {
        await using var fleet = await Fleet.Start();

        var refused = await Should.ThrowAsync<ApiException>(
            fleet.World.Do(() => fleet.Scaling.Delete(Fleet.Account, Fleet.Region, Fleet.Group, force: false))
        );
        await fleet.World.Do(() => fleet.Scaling.Delete(Fleet.Account, Fleet.Region, Fleet.Group, force: true));
        fleet.ScalingGroup.Deleting.ShouldBeTrue();
        await fleet.World.RunUntil(() => fleet.Scaling.Find(Fleet.Account, Fleet.Region, Fleet.Group) is null);

        refused.Code.ShouldBe("ResourceInUse");
    }

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(1, 2, 3)]
    [InlineData(1, 2, 0)]
    public async Task Sizes_that_contradict_each_other_are_refused(int minimum, int maximum, int desired)
    {
        await using var world = new RehearsalWorld(new RehearsalOptions());
        var groups = new ScalingGroups(world, new NoEvents());

        var refused = await Should.ThrowAsync<ApiException>(
            world.Do(() => groups.Create(Fleet.NewScalingGroup(world, desired) with { MinSize = minimum, MaxSize = maximum }))
        );

        refused.Code.ShouldBe("ValidationError");
    }
}
