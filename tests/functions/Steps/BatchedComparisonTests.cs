using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Plans;
using Deployer.Functions.Steps;
using Deployer.Functions.Tests.Kinds;
using Deployer.Spec.Tests;

namespace Deployer.Functions.Tests.Steps;

/// <summary>What is too much to read for one function is read by the next tries of the state, each thing once.</summary>
public sealed class BatchedComparisonTests : IAsyncLifetime
{
    private static readonly MemoryFolder Folder = new(
        (
            "deployer.yaml",
            """
            service: inventory
            targets: { dev: { account: "111111111111", region: us-east-1 } }
            steps:
              orders: { queue: "orders-${target}" }
              bills: { queue: "bills-${target}", after: [ orders ] }
            """
        )
    );

    private QueueBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await QueueBench.Open(Folder);
        _bench.Queues.Present.UnionWith(["orders-dev", "bills-dev"]);
        _bench.Queues.Reads = 600;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task The_order_of_waves_goes_on_where_it_stopped()
    {
        var order = await Tried(retry => _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, retry)));

        order.Waves.ShouldBeEmpty();
        _bench.Queues.ReadsMade.ShouldBe(2 * 600);
    }

    [Fact]
    public async Task A_plan_goes_on_where_it_stopped_and_loses_no_notice()
    {
        await Tried(retry => _bench.Get<StepPlanner>().Run(new TaskInput(new("one"), "orders", new("arn"), 0, retry)));

        (await _bench.Desk.Ledger.Read(StepPlan.Key(new("one"), "orders")))!.Action.ShouldBe(PlannedAction.None);
        _bench.Queues.ReadsMade.ShouldBe(600);
    }

    [Fact]
    public async Task A_throttled_read_does_not_begin_all_over_again()
    {
        _bench.Queues.Reads = 100;
        _bench.Queues.ThrottledAfter = 150;
        var order = _bench.Get<WaveOrder>();
        await Should.ThrowAsync<AwsUnavailableException>(() => order.Run(new DeploymentInput(new("one"), new("arn"), 0, 0)));

        (await order.Run(new DeploymentInput(new("one"), new("arn"), 0, 1))).Waves.ShouldBeEmpty();

        _bench.Queues.ReadsMade.ShouldBe(2 * 100);
    }

    /// <summary>What nearly every service has is read at once, and nothing is kept.</summary>
    [Fact]
    public async Task What_one_function_can_read_is_read_by_the_first_try()
    {
        _bench.Queues.Reads = BatchedComparison.MostReads / 2;

        (await _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, 0))).Waves.ShouldBeEmpty();

        _bench.Queues.ReadsMade.ShouldBe(BatchedComparison.MostReads);
    }

    private async Task<T> Tried<T>(Func<int, Task<T>> state)
    {
        for (var retry = 0; retry < 10; retry++)
        {
            var before = _bench.Queues.ReadsMade;
            try
            {
                return await state(retry);
            }
            catch (NotYetException)
            {
                (_bench.Queues.ReadsMade - before).ShouldBeLessThanOrEqualTo(BatchedComparison.MostReads);
            }
        }

        throw new InvalidOperationException("it does not come to an end");
    }
}
