using System.Globalization;

namespace Deployer.Rehearsal.Tests.Datomic.Transactors;

/// <summary>Transactors on a cluster: who is active, who stands by, and how long nothing is written.</summary>
public sealed class TransactorTests
{
    private const string A = "orders-a";
    private const string B = "orders-b";

    // https://docs.datomic.com/operation/ha.html: two missed heartbeats. The first of them is due up to one interval after the last one.
    private static readonly TimeSpan OneHeartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan TwoHeartbeats = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ThreeHeartbeats = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task One_that_starts_alone_looks_for_another_for_two_heartbeats_and_then_writes_its_own()
    {
        await using var cluster = await TransactorCluster.Start();
        var definition = await cluster.Register();
        await cluster.Create(A, definition);
        await cluster.Writable();
        await cluster.Pass(TimeSpan.FromSeconds(5));

        cluster
            .Log(cluster.Running(A).Id)
            .ShouldBe([
                "start",
                "System started datomic:ddb://us-east-1/orders/<DB-NAME>, storing data in: orders",
                "standby nil 0",
                "standby nil 1",
                "heartbeat 1",
                "heartbeat 2",
            ]);
    }

    [Fact]
    public async Task A_second_one_stands_by_and_reports_it_by_its_own_log_and_metric()
    {
        await using var cluster = await TransactorCluster.Start();
        var definition = await cluster.Register();
        await cluster.Create(A, definition);
        await cluster.Writable();
        await cluster.Create(B, definition);
        await cluster.StandbyOf(B, definition);
        await cluster.Pass(TimeSpan.FromMinutes(5));

        var active = cluster.Log(cluster.Running(A).Id);
        var standby = cluster.Log(cluster.Running(B).Id);
        active.Skip(4).ShouldAllBe(line => line.StartsWith("heartbeat ", StringComparison.Ordinal));
        standby
            .Skip(2)
            .ShouldAllBe(line => line.StartsWith("standby ", StringComparison.Ordinal) && line.EndsWith(" 0", StringComparison.Ordinal));
        // 12 checks a minute of one standby.
        cluster.Samples("HeartMonitorMsec").ShouldBeInRange(58, 64);
        cluster.Gaps.ShouldBeEmpty();
    }

    /// <summary>By the item peers find the active transactor: https://docs.datomic.com/operation/ha.html, "Peers".</summary>
    [Fact]
    public async Task The_heartbeat_stands_in_the_table_with_the_address_of_the_one_that_is_active()
    {
        await using var cluster = await TransactorCluster.Start();
        var definition = await cluster.Register();
        await cluster.Create(A, definition);
        await cluster.Writable();
        var (first, host) = await cluster.Heartbeat();
        host.ShouldBe(cluster.Running(A).Address.ShouldNotBeNull());
        await cluster.Create(B, definition);
        await cluster.StandbyOf(B, definition);
        var (beside, _) = await cluster.Heartbeat();
        await cluster.Pass(TimeSpan.FromMinutes(1));
        var (later, same) = await cluster.Heartbeat();
        await cluster.Scale(A, 0);
        await cluster.World.RunUntil(() => cluster.Gaps.Count > 0 && cluster.IsWritable);
        var (taken, other) = await cluster.Heartbeat();

        beside.ShouldBeGreaterThan(first);
        (later - beside).ShouldBe(12, "one in five seconds, by the active one alone");
        same.ShouldBe(host);
        taken.ShouldBeGreaterThan(later);
        other.ShouldBe(cluster.Running(B).Address.ShouldNotBeNull());
        other.ShouldNotBe(host);
    }

    [Fact]
    public async Task An_active_one_counts_its_peers_each_minute_by_the_URI_in_their_environment()
    {
        await using var cluster = await TransactorCluster.Start();
        await cluster.Create(A, await cluster.Register());
        await cluster.Writable();
        await cluster.CreatePeers("web", 2, $"datomic:ddb://us-east-1/{TransactorCluster.Table}/orders");
        await cluster.CreatePeers("other", 1, "datomic:ddb://us-east-1/another/orders");
        await cluster.Pass(TimeSpan.FromMinutes(5));

        cluster.Last("RemotePeers").ShouldBe(2);
        cluster.Has("Alarm").ShouldBeFalse("nothing is wrong with it");
    }

    [Fact]
    public async Task A_lone_one_that_starts_again_writes_standby_events_before_it_takes_over_and_they_prove_nothing()
    {
        await using var cluster = await TransactorCluster.Start();
        var (first, second) = (await cluster.Register(), await cluster.Register());
        await cluster.Create(A, first, atLeast: 0, atMost: 100);
        await cluster.Writable();
        await cluster.Update(A, second);
        await cluster.Only(A, second);
        await cluster.Writable();

        var task = cluster.Running(A).Id;
        cluster.Log(task).Where(line => line.StartsWith("standby", StringComparison.Ordinal)).Count().ShouldBe(2);
        cluster.StandsBy(task).ShouldBeFalse();
    }

    /// <summary>
    /// Two heartbeats on average, three at most: a standby has seen the last heartbeat up to one interval after it was written, and
    /// misses the next two.
    /// </summary>
    [Fact]
    public async Task A_standby_takes_over_after_two_heartbeats_that_are_missed()
    {
        const int Seeds = 40;
        var (pairs, single) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var seed = 1UL; seed <= Seeds; seed++)
        {
            pairs.Add(await RollPair(seed));
            single.Add(await SwapSingle(seed));
        }

        var page = string.Join(' ', Repository.Text("docs/transactors.md").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        foreach (var (way, gaps) in new[] { ("a pair", pairs), ("a single transactor", single) })
        {
            var mean = TimeSpan.FromSeconds(gaps.Average(gap => gap.TotalSeconds));
            var few = gaps.Count(gap => gap <= TwoHeartbeats);
            var measured = string.Create(
                CultureInfo.InvariantCulture,
                $"{way} is without writes for {gaps.Min().TotalSeconds:0.0} to {gaps.Max().TotalSeconds:0.0} seconds, "
                    + $"{mean.TotalSeconds:0.0} on average, and with {few} seeds for at most two heartbeats"
            );
            TestContext.Current.TestOutputHelper!.WriteLine(measured);
            page.ShouldContain(measured, Case.Sensitive, "docs/transactors.md");
            gaps.ShouldAllBe(gap => gap >= OneHeartbeat && gap <= ThreeHeartbeats);
            mean.ShouldBeLessThanOrEqualTo(TwoHeartbeats, way);
        }
    }

    /// <summary>Replaces the standby, and the active one when the new standby has proven itself: how a pair is rolled.</summary>
    private static async Task<TimeSpan> RollPair(ulong seed)
    {
        await using var cluster = await TransactorCluster.Start(seed);
        var (first, second) = (await cluster.Register(), await cluster.Register());
        await cluster.Create(A, first);
        await cluster.Writable();
        await cluster.Create(B, first);
        await cluster.StandbyOf(B, first);

        await cluster.Update(B, second);
        await cluster.StandbyOf(B, second);
        await cluster.Only(B, second);
        cluster.Gaps.ShouldBeEmpty();
        await cluster.Update(A, second);
        await cluster.Only(A, second);
        await cluster.Writable();
        await cluster.Pass(TimeSpan.FromMinutes(1));
        return cluster.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
    }

    /// <summary>Raises the part that is down, and drops the other one when it stands by.</summary>
    private static async Task<TimeSpan> SwapSingle(ulong seed)
    {
        await using var cluster = await TransactorCluster.Start(seed);
        var (first, second) = (await cluster.Register(), await cluster.Register());
        await cluster.Create(A, first);
        await cluster.Writable();
        await cluster.Create(B, second);
        await cluster.StandbyOf(B, second);
        // Not right after the standby has looked: whoever ends a transactor does not see the heartbeats.
        await cluster.Pass(TimeSpan.FromMilliseconds(seed * 370 % 5000));
        await cluster.Scale(A, 0);
        await cluster.World.RunUntil(() => cluster.Gaps.Count > 0 && cluster.IsWritable);
        return cluster.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_service_that_ends_its_task_first_is_without_writes_for_its_start_as_well()
    {
        await using var cluster = await TransactorCluster.Start();
        var (first, second) = (await cluster.Register(), await cluster.Register());
        await cluster.Create(A, first, atLeast: 0, atMost: 100);
        await cluster.Writable();
        await cluster.Update(A, second);
        await cluster.Only(A, second);
        await cluster.Writable();

        var gap = cluster.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
        TestContext.Current.TestOutputHelper!.WriteLine($"ended first, then started: {gap.TotalSeconds:0.0} s without writes");
        gap.ShouldBeGreaterThan(TwoHeartbeats + TimeSpan.FromSeconds(30));
    }

    /// <summary>
    /// A plain update of a service without a health check: ECS takes a task that runs for one that serves, and ends the former transactor
    /// while the JVM of the new one still loads.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task The_way_of_the_post_ends_the_former_transactor_before_the_new_one_looks_for_it(ulong seed)
    {
        await using var cluster = await TransactorCluster.Start(seed);
        var (first, second) = (await cluster.Register(healthCheck: false), await cluster.Register(healthCheck: false));
        await cluster.Create(A, first);
        await cluster.Writable();
        await cluster.Update(A, second);
        await cluster.Only(A, second);
        await cluster.Writable();

        var gap = cluster.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull();
        TestContext.Current.TestOutputHelper!.WriteLine($"as in the post, seed {seed}: {gap.TotalSeconds:0.0} s without writes");
        gap.ShouldBeGreaterThan(ThreeHeartbeats);
    }

    [Fact]
    public async Task A_shorter_interval_makes_a_shorter_time_without_writes()
    {
        await using var cluster = await TransactorCluster.Start();
        var (first, second) = (await cluster.Register(interval: "1000"), await cluster.Register(interval: "1000"));
        await cluster.Create(A, first);
        await cluster.Writable();
        await cluster.Create(B, first);
        await cluster.StandbyOf(B, first);
        await cluster.Update(A, second);
        await cluster.Only(A, second);
        await cluster.Writable();

        cluster.Gaps.ShouldHaveSingleItem().Length.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
    }

    /// <summary>Both looks come before the active one has written again; that one finds its heartbeat taken, and ends.</summary>
    [Fact]
    public async Task One_that_looks_more_often_than_the_active_one_writes_takes_over_while_that_lives()
    {
        await using var cluster = await TransactorCluster.Start();
        await cluster.Create(A, await cluster.Register());
        await cluster.Writable();
        var former = cluster.Running(A).Id;
        await cluster.Create(B, await cluster.Register(interval: "1000"));
        await cluster.World.RunUntil(() => cluster.Tasks(A).Any(task => task.Id == former && task.LastStatus == "STOPPED"));

        cluster.Log(former)[^1].ShouldStartWith("heartbeat-failed");
        cluster.Tasks(A).Single(task => task.Id == former).Containers[0].ExitCode.ShouldBe(255);
        cluster.Log(cluster.Running(B).Id).ShouldContain(line => line.StartsWith("heartbeat ", StringComparison.Ordinal));
        cluster.IsWritable.ShouldBeTrue();
        cluster.Gaps.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_whose_role_may_not_use_the_storage_ends_and_says_why()
    {
        await using var cluster = await TransactorCluster.Start(allowed: "\"cloudwatch:PutMetricData\"");
        var definition = await cluster.Register();
        await cluster.Create(A, definition);
        await cluster.World.RunUntil(() => cluster.Tasks(A).Any(task => task.LastStatus == "STOPPED"));

        var task = cluster.Tasks(A).First(task => task.LastStatus == "STOPPED");
        task.Containers[0].ExitCode.ShouldBe(1);
        cluster.Log(task.Id)[^1].ShouldContain("is not authorized to perform: dynamodb:GetItem");
        cluster.IsWritable.ShouldBeFalse();
    }

    [Fact]
    public async Task One_that_may_not_put_metrics_goes_on_without_them()
    {
        await using var cluster = await TransactorCluster.Start(allowed: "\"dynamodb:*\"");
        await cluster.Create(A, await cluster.Register());
        await cluster.Writable();
        await cluster.Pass(TimeSpan.FromMinutes(2));

        cluster.IsWritable.ShouldBeTrue();
        cluster.Metrics.Metrics("111111111111", "us-east-1").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_heap_that_leaves_the_JVM_no_memory_is_killed_with_exit_code_137()
    {
        // The numbers of the post: -Xmx3g in a task of 3072 MiB.
        await using var cluster = await TransactorCluster.Start();
        await cluster.Create(A, await cluster.Register(heap: "3g", memory: "3072"));
        await cluster.World.RunUntil(() => cluster.Tasks(A).Any(task => task.LastStatus == "STOPPED"));

        var container = cluster.Tasks(A).First(task => task.LastStatus == "STOPPED").Containers[0];
        (container.ExitCode, container.Reason).ShouldBe((137, "OutOfMemoryError: Container killed due to memory usage"));
    }

    [Fact]
    public async Task Caches_that_are_more_than_three_quarters_of_the_heap_keep_a_transactor_from_starting()
    {
        await using var cluster = await TransactorCluster.Start();
        await cluster.Create(A, await cluster.Register(objectCache: "3g"));
        await cluster.World.RunUntil(() => cluster.Tasks(A).Any(task => task.LastStatus == "STOPPED"));

        var task = cluster.Tasks(A).First(task => task.LastStatus == "STOPPED");
        task.Containers[0].ExitCode.ShouldBe(1);
        cluster.Log(task.Id).ShouldHaveSingleItem().ShouldStartWith(":db.error/not-enough-memory");
    }
}
