using System.Globalization;
using Deployer.Functions.Deployments;
using Deployer.Functions.Errors;
using Deployer.Functions.Ledger;
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

    /// <summary>Only this plan asks for it, and nobody takes it away.</summary>
    [Fact]
    public async Task What_a_plan_keeps_of_a_step_ends_with_the_lifetime_of_records()
    {
        await Tried(retry => _bench.Get<StepPlanner>().Run(new TaskInput(new("one"), "orders", new("arn"), 0, retry)));

        var plan = StepPlan.Key(new("one"), "orders");
        var written = (await _bench.Desk.Items(plan.Partition))
            .Where(item => item["sk"].S == plan.Sort)
            .Concat(await _bench.Desk.Items("COMPARISON#one"))
            .Select(item => item.GetValueOrDefault(LedgerTable.ExpiryName)?.N)
            .ToList();
        var end = (new DateTimeOffset(_bench.Desk.Now, TimeSpan.Zero) + LedgerTable.Lifetime).ToUnixTimeSeconds();
        written.Count.ShouldBe(2);
        written.ShouldAllBe(expires => expires == end.ToString(CultureInfo.InvariantCulture));
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

    [Fact]
    public async Task Pages_of_a_listing_are_read_once_by_however_many_tries()
    {
        (_bench.Queues.Reads, _bench.Queues.Pages) = (1, 250);

        var order = await Tried(retry => _bench.Get<WaveOrder>().Run(new DeploymentInput(new("one"), new("arn"), 0, retry)));

        order.Waves.ShouldBeEmpty();
        _bench.Queues.PagesRead.Count.ShouldBe(2 * 250);
        _bench.Queues.PagesRead.ShouldBeUnique();
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
