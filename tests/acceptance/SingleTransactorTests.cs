using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>A single transactor: the part that is down is raised, the other one dropped, and the next time the other way round.</summary>
public sealed class SingleTransactorTests : IDisposable
{
    private static readonly TimeSpan ThreeHeartbeats = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_parts_swap_with_each_image_and_the_plan_says_how_long_nothing_is_written()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        (await OrdersService.Described(service, state)).ShouldBe("a 1 COMPLETED 0/0, b 2 COMPLETED 1/1");
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);
        var again = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain("mode single: nothing is written for up to three heartbeats of 5 s");
        plan.Json.ShouldContain("5 to 15 s");
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
        var after = await OrdersService.Writer(service, state);
        after.Gaps.Skip(gaps).ShouldHaveSingleItem().Length.ShouldNotBeNull().ShouldBeLessThan(ThreeHeartbeats);
        after.IsWritable.ShouldBeTrue();
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo);
    }

    [Theory]
    [InlineData("tasks-do-not-start", "exited with 1")]
    [InlineData("transactor-does-not-stand-by", "has not said in its log that it stands by")]
    public async Task One_that_does_not_come_to_stand_by_is_dropped_again_and_the_former_stays(string fault, string cause)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        var before = await OrdersService.Described(service, state);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", fault);

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain(cause);
        failed.Report.Cause.ShouldContain("orders-dev-b runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain("orders-dev-a runs no transactor");
        (await OrdersService.Described(service, state)).ShouldEndWith(before[before.IndexOf("b 2", StringComparison.Ordinal)..]);
        (await OrdersService.Writer(service, state)).Gaps.Count.ShouldBe(gaps);

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    /// <summary>What a person starts is not ended a second time without a word; to go on is asked for.</summary>
    [Fact]
    public async Task One_that_somebody_raises_again_while_it_is_dropped_is_named()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--schedule", await Raised("ReplaceActive", "8s"));

        failed.Report.Error.ShouldBe("TransactorCountChangedException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "the desired count of orders-dev-b was set to 1 by somebody while its transactor was ended; nothing was put back; "
            );
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 1/1");

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    /// <summary>Nobody has deployed anything, and the cause does not say so.</summary>
    [Fact]
    public async Task One_that_somebody_raises_again_while_the_other_is_watched_is_named_and_dropped_by_another_deployment()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--schedule", await Raised("WatchTransactors", "90s"));
        var again = await OrdersService.Rehearse(service, state);

        failed.Report.Error.ShouldBe("TransactorReplacedException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "the desired count of orders-dev-b was set to 1 by somebody, and in mode single one of the two is up; orders-dev-a runs "
            );
        failed.Report.Cause.ShouldNotContain("another deployment");
        again.Report.Verdict.ShouldBe(Verdict.Succeeded, again.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    /// <summary>What is raised beside a single one is ended, and the plan says so: nothing is replaced, and there is no gap.</summary>
    [Fact]
    public async Task One_that_somebody_has_raised_beside_it_is_ended_as_planned_and_named()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        var schedule = Path.Combine(_folder.Path, "schedule.yaml");
        await File.WriteAllTextAsync(
            schedule,
            """
            schedule:
              - when: { closes: 1, wait: 1m }
                do: { changeResource: { stack: orders-dev-transactor, resource: ServiceA, properties: { DesiredCount: 1 } } }
            """,
            TestContext.Current.CancellationToken
        );
        (await OrdersService.Rehearse(service, state, "--schedule", schedule)).ExitCode.ShouldBe(0);

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain("2 of orders-dev-a and orders-dev-b have a desired count of 1, and one has in mode single");
        plan.Json.ShouldContain(
            "orders-dev-a is ended, and nothing stands by from then on; the active transactor is not replaced",
            customMessage: plan.Json
        );
        plan.Json.ShouldNotContain("the image would be", customMessage: plan.Json);
        plan.Json.ShouldNotContain("nothing is written", customMessage: plan.Json);
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        rolled.Report.Notices.ShouldContain("transactor: orders-dev-a had a desired count of 1 and has 0 now, as the mode single asks for");
        (await OrdersService.Described(service, state)).ShouldBe("a 1 COMPLETED 0/0, b 2 COMPLETED 1/1");
    }

    [Theory]
    [InlineData("1s")]
    [InlineData("0s")]
    public async Task One_that_somebody_turns_off_before_the_other_is_dropped_is_raised_again_and_named(string wait)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, "ReplaceActive", wait, "A", "DesiredCount: 0");

        var rolled = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        rolled.Report.Notices.ShouldContain(
            "transactor: somebody has set the desired count of orders-dev-a to 0 after it was raised; it has 1 again"
        );
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    [Fact]
    public async Task One_that_somebody_ends_before_the_roll_does_is_named()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, "ReplaceStandby", "60s", "B", "DesiredCount: 0");

        var rolled = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        rolled.Report.Notices.ShouldContain("transactor: somebody has set the desired count of orders-dev-b to 0 before the roll has");
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    private Task<string> Raised(string task, string wait) => OrdersService.ScheduleChange(_folder.Path, task, wait, "B", "DesiredCount: 1");

    [Theory]
    [InlineData(false, "the part that stands by is ended, and nothing stands by from then on; the active transactor is not replaced")]
    [InlineData(true, "what stands by is replaced first, and the active transactor dropped when the new one has said that it stands by")]
    public async Task The_plan_of_a_pair_that_becomes_a_single_one_says_what_happens(bool another, string what)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");
        if (another)
        {
            await OrdersService.AnotherImage(service);
        }

        var plan = await OrdersService.Plan(service, state);

        plan.ExitCode.ShouldBe(0, plan.Terminal);
        plan.Json.ShouldContain("2 of orders-dev-a and orders-dev-b have a desired count of 1, and one has in mode single");
        plan.Json.ShouldMatch($"orders-dev-a runs orders-dev:2 \\((active|standby)\\); orders-dev-b runs orders-dev:2 .*; {what}");
        plan.Json.ShouldContain("\"the standby goes, and nothing stands by from then on\"", Case.Sensitive, "a risk");
        plan.Json.Contains("mode single: nothing is written for up to three heartbeats", StringComparison.Ordinal).ShouldBe(another);
    }

    /// <summary>The one that is dropped keeps the revision that it has, and is told of as where the mode alone changes.</summary>
    [Fact]
    public async Task A_pair_that_becomes_a_single_one_with_another_image_says_what_is_dropped_and_what_changes()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        var other = active[^1] == 'a' ? "orders-dev-b" : "orders-dev-a";
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");
        await OrdersService.AnotherImage(service);

        var plan = await OrdersService.Plan(service, state);
        var rolled = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain($"\"{other}: ");
        plan.Json.ShouldNotContain($"\"{active}: ");
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldContain($"{active[^1]} 2 COMPLETED 0/0");
        rolled.Report.Notices.ShouldContain($"transactor: {active} had a desired count of 1 and has 0 now, as the mode single asks for");
        await SmallService.Change(service, "deployer.yaml", "heap: 4g", "heap: 3g");
        var ordinary = await OrdersService.Rehearse(service, state);
        ordinary.Report.Verdict.ShouldBe(Verdict.Succeeded, ordinary.Terminal);
        ordinary.Report.Notices.ShouldNotContain(notice => notice.Contains("had a desired count"));
    }

    [Theory]
    [InlineData(false, "the part that is down is started and stands by; the active transactor is not replaced")]
    [InlineData(
        true,
        "the part that is down is started first, and the active transactor replaced when the new one has said that it stands by"
    )]
    public async Task The_plan_of_a_single_one_that_becomes_a_pair_says_what_happens(bool another, string what)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await SmallService.Change(service, "deployer.yaml", "mode: single\n    allowWriteGap: true", "mode: pair");
        if (another)
        {
            await OrdersService.AnotherImage(service);
        }

        var plan = await OrdersService.Plan(service, state);

        plan.ExitCode.ShouldBe(0, plan.Terminal);
        plan.Json.ShouldContain(
            $"orders-dev-a runs no transactor (its desired count is 0); orders-dev-b runs orders-dev:2 (active); {what}"
        );
        plan.Json.ShouldNotContain("nothing stands by from then on");
        plan.Json.Contains("at the takeover nothing is written for up to three heartbeats", StringComparison.Ordinal).ShouldBe(another);
    }

    [Fact]
    public async Task A_pair_that_becomes_a_single_one_is_watched_from_the_drop_on()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            // What stays has run for longer than it is watched, so that only the drop is a reason to watch it.
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(1));
        }

        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");

        var dropped = await OrdersService.Rehearse(service, state);
        var after = await OrdersService.Described(service, state);
        var again = await OrdersService.Rehearse(service, state);

        dropped.Report.Verdict.ShouldBe(Verdict.Succeeded, dropped.Terminal);
        after.ShouldBeOneOf("a 2 COMPLETED 1/1, b 2 COMPLETED 0/0", "a 2 COMPLETED 0/0, b 2 COMPLETED 1/1");
        dropped.Count("RegisterTaskDefinition").ShouldBe(0);
        dropped.Step("transactor").VirtualSeconds.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5).TotalSeconds);
        again.Report.Verdict.ShouldBe(Verdict.NothingToDo, again.Terminal);
        again.ShouldChangeNothing();
    }

    /// <summary>The newest deployment of the active one failed, and the one before runs on: a drop ends both.</summary>
    [Theory]
    [InlineData("3g", true)]
    [InlineData("4g", true)]
    [InlineData("3g", false)]
    public async Task A_pair_whose_roll_failed_half_way_becomes_a_single_one(string heap, bool takesOver)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        await SmallService.Change(service, "deployer.yaml", "heap: 4g", "heap: 3g");
        var halfway = await OrdersService.Rehearse(service, state, "--fault", $"tasks-do-not-start:{active}");
        halfway.Report.Error.ShouldBe("TakeoverFailedException", halfway.Terminal);
        await SmallService.Change(service, "deployer.yaml", "heap: 3g", $"heap: {heap}");
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");

        var single = await OrdersService.Rehearse(service, state, takesOver ? [] : ["--fault", "transactor-does-not-take-over"]);

        if (takesOver)
        {
            single.Report.Verdict.ShouldBe(Verdict.Succeeded, single.Terminal);
            var counts = (await OrdersService.Described(service, state)).Split(", ").Select(one => one.Split(' ')[^1]);
            counts.ShouldBe(["0/0", "1/1"], ignoreOrder: true);
        }
        else
        {
            single.Report.Error.ShouldBe("TakeoverFailedException", single.Terminal);
            single.Report.Cause.ShouldNotBeNull().ShouldContain("put back to orders-dev:2");
            single.Report.Cause.ShouldNotContain("exited with 1", Case.Sensitive, "that was the roll before");
        }

        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pair_that_becomes_a_single_one_without_a_takeover_is_a_pair_again_and_a_redrive_goes_on()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldMatch("; orders-dev-[ab] and orders-dev-[ab] were put back to orders-dev:2; ");
        failed.Report.Cause.ShouldContain("runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain("runs orders-dev:2 (standby)");
        failed.Report.Notices.ShouldNotContain(notice => notice.Contains("desired count", StringComparison.Ordinal), "it was put back");
        (await OrdersService.Described(service, state)).ShouldBe("a 2 COMPLETED 1/1, b 2 COMPLETED 1/1");
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldBeOneOf(
            "a 3 COMPLETED 1/1, b 2 COMPLETED 0/0",
            "a 2 COMPLETED 0/0, b 3 COMPLETED 1/1"
        );
    }

    [Fact]
    public async Task An_active_one_that_is_turned_off_while_the_standby_is_dropped_has_the_standby_raised_again()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");
        var part = active[^1] == 'a' ? "A" : "B";
        var schedule = await Scheduled.Write(
            _folder.Path,
            "schedule:\n  - when: { request: 1, of: ReplaceActive, operation: ecs:UpdateService }\n    do: { changeResource: { "
                + $"stack: orders-dev-transactor, resource: Service{part}, properties: {{ DesiredCount: 0 }} }} }}\n"
        );

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        var other = active[^1] == 'a' ? "orders-dev-b" : "orders-dev-a";
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith($"the desired count of {active} was set to 0 by somebody while the transactor of {other} was ended; ");
        failed.Report.Cause.ShouldContain($"{other} was put back to orders-dev:2");
        failed.Report.Cause.ShouldContain($"{other} runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain($"{active} runs no transactor (its desired count is 0)");
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_transactor_that_fails_when_the_other_part_was_dropped_is_reported_with_what_runs()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-runs-out-of-memory:orders-dev-a");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("ended while the transactors were watched; ");
        failed.Report.Cause.ShouldContain("orders-dev-b runs no transactor (its desired count is 0)");
        // ECS starts another at once; the look may come before it is active, or after.
        failed.Report.Cause.ShouldMatch("no transactor is active: nothing can be written|orders-dev-a runs orders-dev:3 \\(active\\)");
        failed.Report.Cause.ShouldContain("exited with 137");
        (await OrdersService.Described(service, state)).ShouldMatch("^a 3 .* b 2 COMPLETED 0/0$");
        var revision = failed.Report.Cause.Split("; deployer rollback --to ")[1].Split(' ')[0];
        failed.Report.Cause.ShouldContain(
            $"; deployer rollback --to {revision} brings back what ran as orders-dev:2\n1 task of orders-dev-a stopped: "
        );
        var lines = failed.Report.Cause.Split('\n');
        lines[1].ShouldContain("exited with 137: OutOfMemoryError", Case.Sensitive, "before every line of a log");
        var words = string.Join(' ', failed.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain("What was deployed is unhealthy. Bring back what was deployed before");
        words.ShouldContain($"--target dev --to {revision} --state ");

        var back = await CommandLine.InProcess("rollback", service, "--target", "dev", "--to", revision, "--state", state);
        back.ExitCode.ShouldBe(0, back.Terminal);
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_takeover_that_does_not_happen_raises_the_former_again()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("orders-dev-b runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain("orders-dev-b and orders-dev-a were put back to orders-dev:2 and no task; ");
        failed.Report.Cause.ShouldContain("orders-dev-a runs no transactor (its desired count is 0)");
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        redriven.Report.Notices.ShouldNotContain(notice => notice.Contains("somebody", StringComparison.Ordinal), "it was the deployer");
        (await OrdersService.Described(service, state)).ShouldStartWith("a 3 COMPLETED 1/1, b ");
    }

    /// <summary>What is put back is said to be put back, and nothing else of it.</summary>
    [Theory]
    [InlineData("transactor-does-not-take-over")]
    [InlineData("transactor-does-not-stand-by")]
    public async Task A_single_one_that_does_not_become_a_pair_says_of_no_count_that_it_was_changed(string fault)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await SmallService.Change(service, "deployer.yaml", "mode: single", "mode: pair");
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", fault);

        failed.Report.Verdict.ShouldBe(Verdict.Failed, failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("put back to");
        failed.Report.Notices.ShouldNotContain(notice => notice.Contains("desired count", StringComparison.Ordinal));

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        redriven
            .Report.Notices.Count(notice => notice.Contains("had a desired count of 0 and has 1 now", StringComparison.Ordinal))
            .ShouldBe(1);
    }
}
