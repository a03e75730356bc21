using Amazon.ECS.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;
using Deployer.Functions.Services;
using Task = System.Threading.Tasks.Task;

namespace Deployer.Acceptance.Tests;

/// <summary>A pair of transactors and a single one that are replaced, one after another.</summary>
public sealed class TransactorTests(ITestOutputHelper output) : IDisposable
{
    // https://docs.datomic.com/operation/ha.html: a standby takes over when two heartbeats are missed, and the first of them is due up to
    // one interval after the last one that a standby saw.
    private static readonly TimeSpan ThreeHeartbeats = TimeSpan.FromSeconds(15);

    private const int NothingToDo = 6;

    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_is_deployed_as_it_can_be_copied()
    {
        var deployed = await CommandLine.InProcess("rehearse", OrdersService.Example, "--target", "dev", "--state", State);

        deployed.ExitCode.ShouldBe(0, deployed.Terminal);
        deployed
            .Report.Steps.Select(step => (step.Name, step.Action))
            .ShouldBe([("transactor", StepAction.Released), ("web", StepAction.Released)]);
        deployed.Terminal.ShouldContain("orders-dev:2 (released), orders-dev-");
        (await OrdersService.Described(OrdersService.Example, State)).ShouldBe("a 2 COMPLETED 1/1, b 2 COMPLETED 1/1");
    }

    [Fact]
    public async Task A_pair_that_is_created_as_the_file_says_is_not_replaced()
    {
        var service = await OrdersService.Write(_folder.Path);
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            new string('1', 64),
            "5f0c3b0e4b7f7d0c7b0a0a3f4d8b7f6e5d4c3b2a190807060504030201000f0e"
        );

        var first = await OrdersService.Rehearse(service, State);

        first.Report.Verdict.ShouldBe(Verdict.NothingToDo, first.Terminal);
        (first.Count("RegisterTaskDefinition"), first.Count("UpdateService")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task An_approved_plan_is_refused_when_somebody_changed_a_service_since()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "region: us-east-1\n", "region: us-east-1\n    approval: true\n");
        var waiting = await CommandLine.InProcess("deploy", service, "--target", "dev", "--state", state);
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts
                .Target.Target(OrdersService.Region)
                .Ecs.UpdateServiceAsync(
                    new UpdateServiceRequest
                    {
                        Cluster = OrdersService.Name,
                        Service = $"{OrdersService.Name}-b",
                        DesiredCount = 0,
                    }
                );
        }

        var refused = await CommandLine.InProcess("approve", waiting.Report.Plan!.Plan, "--rehearsed", state);

        refused.Report.Error.ShouldBe("PlanChangedException", refused.Terminal);
        refused.Report.Cause!.ShouldContain($"service {OrdersService.Name}-b");
        (await OrdersService.Described(service, state)).ShouldStartWith("a 2 COMPLETED 1/1, b 2");
    }

    [Fact]
    public async Task Another_image_replaces_the_standby_and_then_the_active_one_and_the_same_again_does_nothing()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);

        var rolled = await OrdersService.Rehearse(service, state);
        var after = await OrdersService.Writer(service, state);
        var again = await OrdersService.Rehearse(service, state);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
        var gap = after.Gaps.Skip(gaps).ShouldHaveSingleItem().Length.ShouldNotBeNull();
        gap.ShouldBeInRange(TimeSpan.FromSeconds(5), ThreeHeartbeats);
        after.IsWritable.ShouldBeTrue();
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
        again.ShouldChangeNothing();
        // The pipeline's own: what is compared, and nothing of a roll.
        again.Report.Transitions.ShouldBe(NothingToDo);
        again.ShouldReadOfEcs("DescribeServices 2", "DescribeTaskDefinition 2");
        (again.Count("GetLogEvents"), again.Count("GetMetricData"), again.Count("DescribeAlarms")).ShouldBe((0, 0, 0));
        output.WriteLine($"gap {gap.TotalSeconds:0.0} s; nothing to do: {again.Report.Transitions} transitions");
    }

    [Fact]
    public async Task Another_version_of_the_same_image_is_rolled_out_once()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.7706");

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);
        var again = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain("the version would be 1.0.7706 instead of 1.0.7705");
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
    }

    /// <summary>A takeover takes up to three heartbeats, however far apart they are.</summary>
    [Fact]
    public async Task Heartbeats_that_are_far_apart_are_waited_for()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(
            service,
            "deployer.yaml",
            "memory-index-threshold: 32m",
            "memory-index-threshold: 32m\n      heartbeat-interval-msec: 30000"
        );
        var first = await OrdersService.Rehearse(service, state);
        first.Report.Verdict.ShouldBe(Verdict.Succeeded, first.Report.Cause ?? first.Terminal);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);

        var rolled = await OrdersService.Rehearse(service, state);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Report.Cause ?? rolled.Terminal);
        (await OrdersService.Writer(service, state))
            .Gaps.Skip(gaps)
            .ShouldHaveSingleItem()
            .Length.ShouldNotBeNull()
            .ShouldBeInRange(TimeSpan.FromSeconds(30), 6 * ThreeHeartbeats);
    }

    /// <summary>The new standby looks twice before the active one has written again, and takes over at once.</summary>
    [Theory]
    [InlineData(2000, true)]
    [InlineData(3000, false)]
    public async Task Heartbeats_that_come_much_more_often_are_a_risk_that_the_plan_names(int interval, bool isEarly)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await SmallService.Change(
            service,
            "deployer.yaml",
            "memory-index-threshold: 32m",
            $"memory-index-threshold: 32m\n      heartbeat-interval-msec: {interval}"
        );

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);

        var named =
            $"heartbeat-interval-msec would be {interval} instead of 5000: a new transactor looks twice before the one that runs has ";
        plan.Json.Split(named).Length.ShouldBe(isEarly ? 3 : 1, "a notice and a risk");
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Report.Cause ?? rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
        var after = await OrdersService.Writer(service, state);
        after.Gaps.Skip(gaps).ShouldAllBe(gap => gap.Length <= ThreeHeartbeats);
        after.IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task An_older_release_is_a_risk_that_the_plan_names()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.7622");

        var plan = await OrdersService.Plan(service, state);

        const string Older = "Datomic Pro 1.0.7705 runs and 1.0.7622 is older: Datomic advises against a downgrade without its support";
        plan.Json.Split(Older).Length.ShouldBe(3, "a notice and a risk");
        plan.Json.ShouldContain("\"risks\": [\n");
    }

    [Fact]
    public async Task A_release_with_a_fault_that_another_one_repairs_is_named_by_the_plan()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.7075");
        await SmallService.Change(service, "deployer.yaml", "java: 21", "java: 11");

        var plan = await OrdersService.Plan(service, state);

        plan.Json.ShouldContain("with Datomic Pro 1.0.7075 a continuous heavy load of transactions can use memory without bound; 1.0.7180");
    }

    [Fact]
    public async Task Two_transactors_in_one_zone_are_named_by_the_plan()
    {
        var service = await OrdersService.Write(_folder.Path);
        await SmallService.Change(
            service,
            "accounts/accounts.yaml",
            "SubnetB: !ImportValue orders-${target}-SubnetB",
            "SubnetB: !ImportValue orders-${target}-SubnetA"
        );
        (await OrdersService.Rehearse(service, State)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await OrdersService.AnotherImage(service);

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", State);

        plan.Json.ShouldMatch("both transactors run in the zone us-east-1[a-f], so that its loss ends both: give orders-dev-b a subnet");
        var (state, other) = await OrdersService.CopyDeployed(Path.Combine(_folder.Path, "other"));
        await OrdersService.AnotherImage(other);
        (await CommandLine.InProcess("plan", other, "--target", "dev", "--state", state)).Json.ShouldNotContain("both transactors run in");
    }

    [Fact]
    public async Task Another_table_is_shown_as_such()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "table: orders-${target}", "table: others");

        var plan = await OrdersService.Plan(service, state);

        plan.Json.ShouldContain("orders-dev-a: the table would be others instead of orders-dev");
        plan.Json.ShouldNotContain("DATOMIC_TABLE");
    }

    [Theory]
    [InlineData("3G")]
    [InlineData("3072m")]
    [InlineData("3145728k")]
    [InlineData("3221225472")]
    public async Task A_heap_is_written_in_any_of_the_ways_of_Java(string heap)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "heap: 4g", $"heap: {heap}");

        var rolled = await OrdersService.Rehearse(service, state);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Report.Cause ?? rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
    }

    [Fact]
    public async Task Another_size_is_rolled_out_and_the_plan_says_how()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "memory: 6144", "memory: 8192");
        await SmallService.Change(service, "deployer.yaml", "heap: 4g", "heap: 6g");

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain("memory would be 8192 instead of 6144");
        plan.Json.ShouldContain("the heap would be 6g instead of 4g");
        plan.Json.ShouldContain("runs orders-dev:2 (active)");
        plan.Json.ShouldContain("runs orders-dev:2 (standby)");
        plan.Json.ShouldContain("what stands by is replaced first");
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
    }

    [Fact]
    public async Task A_heap_that_leaves_the_JVM_no_memory_is_refused_before_anything_is_made()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "memory: 6144", "memory: 4096");

        var refused = await OrdersService.Rehearse(service, state);

        refused.ExitCode.ShouldBe(2, refused.Terminal);
        refused.Terminal.ShouldContain("the heap of 4g is 100 % of the task's 4096 MiB");
    }

    [Fact]
    public async Task The_revision_before_is_gone_back_to()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var first = (await OrdersService.Rehearse(service, state)).Report.Revision.ShouldNotBeNull();
        await OrdersService.AnotherImage(service);
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);

        var back = await CommandLine.InProcess("rollback", service, "--target", "dev", "--to", first, "--state", state);

        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 4 COMPLETED 1/1, b 4 COMPLETED 1/1");
    }

    [Fact]
    public async Task A_parameter_of_the_accounts_that_imports_what_nothing_exports_is_named()
    {
        var service = await OrdersService.Write(_folder.Path);
        await SmallService.Change(service, "accounts/accounts.yaml", "!ImportValue orders-${target}-Vpc", "!ImportValue orders-nothing");

        var refused = await OrdersService.Rehearse(service, State);

        refused.ExitCode.ShouldBe(2, refused.Terminal);
        refused.Terminal.ShouldMatch(@"no\s+stack\s+before\s+it\s+exports\s+orders-nothing");
    }
}
