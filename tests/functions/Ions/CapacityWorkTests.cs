using Amazon.AutoScaling.Model;
using Amazon.CloudFormation;
using Deployer.Functions.Errors;
using Deployer.Functions.Ions;
using Deployer.Functions.Ledger;
using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Ions;

public sealed class CapacityWorkTests : IAsyncLifetime
{
    private GroupBench _group = null!;

    public async ValueTask InitializeAsync() => _group = await GroupBench.Open();

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task A_group_is_off_when_its_last_instance_is_gone()
    {
        (await _group.Begin("one", CapacityChange.Off)).ShouldBeOfType<Outcome.Running>();
        _group.Updates.ShouldBe([$"{GroupBench.ScalingGroup} 0 0 3"]);
        (await _group.Advance(CapacityChange.Off))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe($"i-1 is InService, i-2 is InService in {GroupBench.ScalingGroup}");

        _group.Launch();

        (await _group.Advance(CapacityChange.Off)).ShouldBe(new Outcome.Succeeded(StepAction.Off));
        _group.Updates.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_group_that_is_turned_on_has_the_numbers_that_it_had()
    {
        await TurnOff("one");

        (await _group.Begin("two", CapacityChange.On)).ShouldBeOfType<Outcome.Running>();
        _group.Capacity.ShouldBe(new GroupCapacity(1, 2, 3));
        _group.Launch("i-3");
        (await _group.Advance(CapacityChange.On))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe($"1 of 2 instances of {GroupBench.ScalingGroup} are in service");
        _group.Launch("i-3", "i-4");
        (await _group.Advance(CapacityChange.On)).ShouldBe(new Outcome.Succeeded(StepAction.On));
    }

    [Fact]
    public async Task Turned_off_twice_it_is_turned_off_once_and_forgets_nothing()
    {
        await TurnOff("one");

        (await _group.Begin("two", CapacityChange.Off)).ShouldBe(new Outcome.Succeeded(StepAction.None));
        _group.Updates.Count.ShouldBe(1);
        await _group.Begin("three", CapacityChange.On);
        _group.Capacity.ShouldBe(new GroupCapacity(1, 2, 3));
    }

    [Fact]
    public async Task Turning_on_what_is_on_does_nothing()
    {
        (await _group.Begin("one", CapacityChange.On)).ShouldBe(new Outcome.Succeeded(StepAction.None));
        _group.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_change_that_was_cut_off_is_made_by_the_next_entry_with_the_numbers_of_before()
    {
        _group.Refusal = new HttpRequestException("the connection was reset");
        await Should.ThrowAsync<HttpRequestException>(() => _group.Begin("one", CapacityChange.Off));

        await _group.Advance(CapacityChange.Off);

        _group.Capacity.Desired.ShouldBe(0);
        _group.Launch();
        await _group.Begin("two", CapacityChange.On);
        _group.Capacity.Desired.ShouldBe(2);
    }

    [Fact]
    public async Task A_group_that_somebody_else_turned_off_cannot_be_turned_on()
    {
        _group.Capacity = new GroupCapacity(0, 0, 3);
        _group.Launch();

        var unknown = await Should.ThrowAsync<CapacityUnknownException>(() => _group.Begin("one", CapacityChange.On));

        unknown.Message.ShouldContain("was not turned off by this deployer");
        _group.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instance_that_is_not_healthy_does_not_serve()
    {
        _group.Instances[1] = ("i-2", "InService", "Unhealthy");

        (await _group.Begin("one", CapacityChange.On)).ShouldBeOfType<Outcome.Running>().What.ShouldStartWith("1 of 2 instances");
    }

    [Fact]
    public async Task An_instance_on_another_revision_is_named()
    {
        _group.Running = "fedcba9876543210fedcba9876543210fedcba98";

        var failed = (await _group.Begin("one", CapacityChange.On)).ShouldBeOfType<Outcome.Failed>().Cause;

        failed
            .ShouldBeOfType<GroupNotLiveException>()
            .Message.ShouldBe(
                $"revision {GroupBench.Revision} was released last to inventory-dev, and revision {_group.Running} runs on i-1 and i-2"
            );
    }

    [Fact]
    public async Task An_update_of_the_stack_is_waited_for()
    {
        _group.StackStatus = StackStatus.UPDATE_IN_PROGRESS;

        (await _group.Begin("one", CapacityChange.Off))
            .ShouldBeOfType<Outcome.Running>()
            .What.ShouldBe("stack inventory-dev is still UPDATE_IN_PROGRESS");

        _group.Record.Waits.ShouldBe(["stack-id"]);
        _group.Updates.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_change_of_the_group_is_tried_again_after()
    {
        _group.Refusal = new ScalingActivityInProgressException("activity 5 is in progress");

        (await Should.ThrowAsync<NotYetException>(() => _group.Begin("one", CapacityChange.Off))).Message.ShouldContain(
            "activity 5 is in progress"
        );
    }

    [Fact]
    public async Task A_group_without_a_stack_is_reported()
    {
        _group.StackStatus = null;

        (await Should.ThrowAsync<GroupNotFoundException>(() => _group.Begin("one", CapacityChange.Off))).Message.ShouldBe(
            "there is no stack inventory-dev in account 111111111111, us-east-1"
        );
    }

    [Theory]
    [InlineData("", "no Auto Scaling group")]
    [InlineData("one two", "one and two")]
    public async Task A_stack_has_the_one_Auto_Scaling_group_of_a_compute_group(string names, string said)
    {
        _group.ScalingGroups = names.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        (await Should.ThrowAsync<GroupNotFoundException>(() => _group.Begin("one", CapacityChange.Off))).Message.ShouldBe(
            $"stack inventory-dev has {said}; a compute group has one"
        );
    }

    private async Task TurnOff(string deployment)
    {
        await _group.Begin(deployment, CapacityChange.Off);
        _group.Launch();
        (await _group.Advance(CapacityChange.Off)).ShouldBe(new Outcome.Succeeded(StepAction.Off));
    }
}
