using Amazon.AutoScaling;
using Amazon.AutoScaling.Model;
using Deployer.Rehearsal.AutoScaling;
using Deployer.Rehearsal.Ec2;
using Deployer.Rehearsal.Tests.CodeDeploy;
using Deployer.Rehearsal.Tests.Wire;
using Deployer.Rehearsal.Wire;
using Deployer.Rehearsal.World;

namespace Deployer.Rehearsal.Tests.AutoScaling;

public sealed class AutoScalingServiceTests : IAsyncLifetime
{
    private Fleet _fleet = null!;
    private AmazonAutoScalingClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _fleet = await Fleet.Start(prepare: fleet =>
            fleet.World.Api.Register(new AutoScalingService(fleet.Scaling, new LaunchTemplates(fleet.World)))
        );
        await _fleet.World.Do(() => new LaunchTemplates(_fleet.World).Put(Fleet.Account, Fleet.Region, Fleet.Template));
        _client = new AmazonAutoScalingClient(
            TestAws.Root(Fleet.Account),
            TestAws.Over(_fleet.World).Configure(new AmazonAutoScalingConfig())
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _fleet.DisposeAsync();
    }

    [Theory]
    [InlineData("tag:datomic:system", "datomic-dev", 1)]
    [InlineData("tag:datomic:system", "other", 0)]
    [InlineData("tag-key", "datomic:tx-group", 1)]
    [InlineData("tag-value", "inventory-dev", 1)]
    public async Task Groups_are_found_by_their_tags(string filter, string value, int found)
    {
        var groups = await _client.DescribeAutoScalingGroupsAsync(
            new DescribeAutoScalingGroupsRequest { Filters = [new Filter { Name = filter, Values = [value] }] }
        );

        (groups.AutoScalingGroups?.Count ?? 0).ShouldBe(found);
    }

    [Fact]
    public async Task A_group_shows_its_instances_and_their_states()
    {
        var groups = await _client.DescribeAutoScalingGroupsAsync(
            new DescribeAutoScalingGroupsRequest { AutoScalingGroupNames = [Fleet.Group] }
        );

        var group = groups.AutoScalingGroups.ShouldHaveSingleItem();
        group.DesiredCapacity.ShouldBe(2);
        group.Instances.Count.ShouldBe(2);
        group.Instances.ShouldAllBe(instance => instance.LifecycleState == LifecycleState.InService && instance.HealthStatus == "Healthy");
        (
            await _client.DescribeAutoScalingInstancesAsync(
                new DescribeAutoScalingInstancesRequest { InstanceIds = [group.Instances[0].InstanceId] }
            )
        )
            .AutoScalingInstances.ShouldHaveSingleItem()
            .AutoScalingGroupName.ShouldBe(Fleet.Group);
    }

    [Fact]
    public async Task A_group_can_be_made_changed_and_deleted()
    {
        var created = _fleet.World.Now;
        await _client.CreateAutoScalingGroupAsync(
            new CreateAutoScalingGroupRequest
            {
                AutoScalingGroupName = "other",
                MinSize = 0,
                MaxSize = 2,
                LaunchTemplate = new LaunchTemplateSpecification { LaunchTemplateId = "lt-1", Version = "1" },
                VPCZoneIdentifier = "subnet-1,subnet-2",
            }
        );
        await _client.UpdateAutoScalingGroupAsync(new UpdateAutoScalingGroupRequest { AutoScalingGroupName = "other", MinSize = 1 });
        await _fleet.World.RunUntil(() => OtherGroup() is { Settled: true, Instances.Count: 1 });

        await Should.ThrowAsync<ResourceInUseException>(
            _client.DeleteAutoScalingGroupAsync(new DeleteAutoScalingGroupRequest { AutoScalingGroupName = "other" })
        );
        await _client.DeleteAutoScalingGroupAsync(new DeleteAutoScalingGroupRequest { AutoScalingGroupName = "other", ForceDelete = true });
        await _fleet.World.RunUntil(() => OtherGroup() is null);

        (_fleet.World.Now - created).ShouldBeGreaterThan(Durations.InstanceLaunch.Shortest);
    }

    [Fact]
    public async Task A_launch_template_has_to_exist()
    {
        var refused = await Should.ThrowAsync<AmazonAutoScalingException>(
            _client.UpdateAutoScalingGroupAsync(
                new UpdateAutoScalingGroupRequest
                {
                    AutoScalingGroupName = Fleet.Group,
                    LaunchTemplate = new LaunchTemplateSpecification { LaunchTemplateId = "lt-9", Version = "1" },
                }
            )
        );

        refused.ErrorCode.ShouldBe("ValidationError");
    }

    private ScalingGroup? OtherGroup() => _fleet.Scaling.Find(Fleet.Account, Fleet.Region, "other");
}
