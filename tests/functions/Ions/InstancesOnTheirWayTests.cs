using Deployer.Functions.Steps;

namespace Deployer.Functions.Tests.Ions;

/// <summary>A deployment of ions to a group of which instances are still on their way.</summary>
public sealed class InstancesOnTheirWayTests : IAsyncLifetime
{
    private IonBench _ions = null!;

    public async ValueTask InitializeAsync() => _ions = await IonBench.Open();

    public ValueTask DisposeAsync() => _ions.DisposeAsync();

    [Fact]
    public async Task Where_some_are_in_service_the_others_are_waited_for_ten_minutes()
    {
        var group = Coming("i-1");
        var began = group.Now;

        (await _ions.Begin(group)).ShouldBe(new Outcome.Running("1 of 2 instances of inventory-dev are in service"));
        group.Now = began.AddMinutes(10).AddSeconds(-1);
        (await _ions.Begin(group)).ShouldBe(new Outcome.Running("1 of 2 instances of inventory-dev are in service"));
        group.Now = began.AddMinutes(10);
        (await _ions.Begin(group)).ShouldBeOfType<Outcome.Running>().What.ShouldNotContain("are in service", Case.Sensitive, "it goes on");
    }

    [Fact]
    public async Task Where_none_is_in_service_they_are_waited_for_as_long_as_the_task_may_take()
    {
        var group = Coming();

        (await _ions.Begin(group)).ShouldBe(new Outcome.Running("0 of 2 instances of inventory-dev are in service"));
        group.Now = group.Now.AddMinutes(11);
        (await _ions.Begin(group)).ShouldBe(new Outcome.Running("0 of 2 instances of inventory-dev are in service"));
    }

    [Fact]
    public async Task Once_all_are_in_service_it_goes_on()
    {
        var group = Coming("i-1");
        await _ions.Begin(group);

        group.InService = ["i-1", "i-2"];

        (await _ions.Begin(group)).ShouldBeOfType<Outcome.Running>().What.ShouldNotContain("are in service");
    }

    /// <summary>A group of two instances, to which an execution of Datomic deploys the revision.</summary>
    private static SimulatedGroup Coming(params string[] inService) =>
        new()
        {
            Deploy = Amazon.StepFunctions.ExecutionStatus.RUNNING,
            Code = null,
            InService = inService,
            Desired = 2,
        };
}
