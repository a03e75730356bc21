using System.Text.Json;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>What may go wrong while transactors are replaced: what runs then, what a person reads, and that a redrive goes on.</summary>
public sealed class TransactorFaultTests : IDisposable
{
    private const string Pair = "a 2 COMPLETED 1/1, b 2 COMPLETED 1/1";
    private const string Rolled = "a 3 COMPLETED 1/1, b 3 COMPLETED 1/1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Its task has the wanted revision, so that no roll replaces it: somebody has to.</summary>
    [Fact]
    public async Task A_standby_with_the_wanted_revision_that_stays_silent_is_named_with_what_helps()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        // Its successor is silent, and so is what is put back beside the other one, which has taken over.
        var active = await OrdersService.Active(service, state);
        await OrdersService.AnotherImage(service);
        (await OrdersService.Rehearse(service, state, "--fault", $"transactor-does-not-stand-by:{active}")).ExitCode.ShouldBe(1);
        await SmallService.Change(service, "deployer.yaml", "@sha256:6f0c3b0e", "@sha256:5f0c3b0e");

        var failed = await OrdersService.Rehearse(service, state);

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .Split('\n')[0]
            .ShouldEndWith(
                "; start its task anew, then redrive: "
                    + $"aws ecs update-service --cluster orders-dev --service {active} --force-new-deployment"
            );
        failed.Report.Cause.ShouldMatch(Log(active), "the last lines of the one that says nothing");
    }

    [Theory]
    [InlineData("tasks-do-not-start", "exited with 1")]
    [InlineData("tasks-run-out-of-memory", "exited with 137: OutOfMemoryError: Container killed due to memory usage")]
    [InlineData("image-cannot-be-pulled", "CannotPullContainerError")]
    [InlineData("tasks-are-not-placed", "was unable to place a task")]
    [InlineData("tasks-are-unhealthy", "Task failed container health checks")]
    [InlineData("transactor-does-not-stand-by", "runs and has not said in its log that it stands by after 20 minutes")]
    public async Task A_standby_that_does_not_come_is_put_back_and_the_active_one_is_not_touched(string fault, string cause)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", fault);

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain(cause);
        failed.Report.Cause.ShouldMatch("; orders-dev-[ab] was put back to orders-dev:2; ");
        failed.Report.Cause.ShouldContain("runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain("runs orders-dev:2 (standby)");
        if (fault == "transactor-does-not-stand-by")
        {
            // It runs, and its log is all that says why.
            failed.Report.Cause.ShouldMatch(Log("orders-dev-[ab]"));
        }

        failed.Terminal.ShouldMatch(@"What runs now\n  transactor: orders-dev-a runs orders-dev:2 \((active|standby)\)\n");
        var runs = JsonDocument.Parse(failed.Json).RootElement.GetProperty("transactors")[0].GetProperty("services");
        runs.EnumerateArray()
            .Select(one => one.GetProperty("tasks")[0].GetProperty("role").GetString())
            .Order()
            .ShouldBe(["active", "standby"]);
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));
        (await OrdersService.Described(service, state)).ShouldBe(Pair);
        var after = await OrdersService.Writer(service, state);
        after.Gaps.Count.ShouldBe(gaps, "nothing ended the active transactor");
        after.IsWritable.ShouldBeTrue();

        await Redriven(failed, service, state, Rolled);
    }

    [Fact]
    public async Task An_active_one_whose_successor_does_not_start_stays_active()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var gaps = (await OrdersService.Writer(service, state)).Gaps.Count;
        var active = await OrdersService.Active(service, state);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", $"tasks-do-not-start:{active}");

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("the former transactor is active, so nothing was put back");
        failed.Report.Cause.ShouldContain($"{active} runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldContain("runs orders-dev:3 (standby)");
        failed.Report.Cause.ShouldContain("exited with 1");
        (await OrdersService.Writer(service, state)).Gaps.Count.ShouldBe(gaps);

        // Back to the image before: what runs has it still, whatever the service's newest revision is.
        await SmallService.Change(service, "deployer.yaml", "@sha256:6f0c3b0e", "@sha256:5f0c3b0e");
        var plan = await OrdersService.Plan(service, state);
        plan.Json.ShouldNotContain($"{active}: the image would be");
        plan.Json.ShouldMatch($"deployment ecs-svc/[0-9]+ of service {active} is FAILED");
        plan.Json.ShouldMatch("orders-dev-[ab]: the image would be [^ ]+@sha256:5f0c3b0e[0-9a-f]+ instead of [^ ]+@sha256:6f0c3b0e");

        await Redriven(failed, service, state, Rolled);
    }

    [Fact]
    public async Task A_takeover_that_does_not_happen_brings_the_former_pair_back()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch("^the active transactor of orders-dev-[ab] has ended, and no other one took over; ");
        failed.Report.Cause.ShouldContain("were put back to orders-dev:2");
        failed.Report.Cause.ShouldContain("runs orders-dev:2 (active)");
        failed.Report.Cause.ShouldMatch(Log("orders-dev-[ab]"), "the last lines of the one that was to take over");
        failed.Report.Cause.ShouldNotContain(":transactor/standby", Case.Sensitive, "which it writes all the time");
        (await OrdersService.Described(service, state)).ShouldBe(Pair);
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();

        await Redriven(failed, service, state, Rolled);
    }

    /// <summary>Said within two looks, after what takes over has done so; nothing starts what a person has ended but a redrive.</summary>
    [Theory]
    [InlineData("ReplaceStandby", false)]
    [InlineData("ReplaceActive", true)]
    public async Task One_that_somebody_turns_off_while_it_is_replaced_is_named_at_once(string task, bool isActive)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        var off = (active == "orders-dev-a") == isActive ? "a" : "b";
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, task, "10s", off, "DesiredCount: 0");

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        failed.Report.Error.ShouldBe("TransactorCountChangedException", failed.Terminal);
        var other = off == "a" ? "b" : "a";
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                $"the desired count of orders-dev-{off} was set to 0 by somebody while its transactor was replaced; nothing was "
            );
        failed.Report.Cause.ShouldContain($"orders-dev-{off} runs no transactor (its desired count is 0)");
        failed.Report.Cause.ShouldContain($"orders-dev-{other} runs orders-dev:{(isActive ? 3 : 2)} (active)");
        failed
            .Report.Steps.Single(step => step.Name == "transactor")
            .VirtualSeconds.ShouldBeLessThan(600, "and not the 20 minutes that a standby is waited for");
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));
        var words = string.Join(' ', failed.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain("Next Continue at the task that failed; finished steps are not run again:");

        await Redriven(failed, service, state, Rolled);
    }

    /// <summary>
    /// Nothing can be written until the former standby is back: that is not waited for as long as a standby is, and whose doing it was is
    /// said.
    /// </summary>
    [Fact]
    public async Task An_active_one_that_somebody_turns_off_while_the_new_standby_is_stuck_is_named_and_the_former_standby_takes_over()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = (await OrdersService.Active(service, state))![^1..];
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, "ReplaceStandby", "3m", active, "DesiredCount: 0");

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule, "--fault", "transactor-does-not-stand-by");

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        var standby = active == "a" ? "b" : "a";
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                $"the desired count of orders-dev-{active} was set to 0 by somebody, and no other one has taken over; orders-dev-{standby} "
                    + "was put back to orders-dev:2; "
            );
        failed.Report.Cause.ShouldContain($"orders-dev-{standby} runs orders-dev:2 (active)");
        failed.Step("transactor").VirtualSeconds.ShouldBeLessThan(600, "and not the 20 minutes that a standby is waited for");
        await Redriven(failed, service, state, Rolled);
    }

    /// <summary>Nothing is put back over what others have deployed; another deployment takes its place.</summary>
    [Theory]
    [InlineData("ReplaceStandby", false, 1)]
    [InlineData("ReplaceStandby", false, 2)]
    [InlineData("ReplaceActive", true, 1)]
    [InlineData("ReplaceActive", true, 2)]
    public async Task A_deployment_of_others_while_one_is_replaced_is_named_and_left_alone(string task, bool isActive, int revision)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        var replaced = (active == "orders-dev-a") == isActive ? "a" : "b";
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(
            _folder.Path,
            task,
            "12s",
            replaced,
            $"TaskDefinition: '{OrdersService.Definition(revision)}'"
        );

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        failed.Report.Error.ShouldBe("TransactorOvertakenException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                $"^deployment ecs-svc/[0-9]+ of service orders-dev-{replaced} was replaced; another deployment took its place, "
                    + $"ecs-svc/[0-9]+ with orders-dev:{revision}; nothing was put back; orders-dev-a runs "
            );
        (await OrdersService.Described(service, state)).ShouldContain($"{replaced} {revision} ");

        await Redriven(failed, service, state, Rolled);
    }

    /// <summary>Its turn is still to come, or over: what others have deployed is not replaced without a word.</summary>
    [Theory]
    [InlineData("ReplaceStandby", true, 1)]
    [InlineData("ReplaceActive", false, 1)]
    [InlineData("ReplaceActive", false, 2)]
    public async Task A_deployment_of_others_while_the_other_one_is_replaced_is_named_and_left_alone(
        string task,
        bool isActive,
        int revision
    )
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        var changed = (active == "orders-dev-a") == isActive ? "a" : "b";
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(
            _folder.Path,
            task,
            "12s",
            changed,
            $"TaskDefinition: '{OrdersService.Definition(revision)}'"
        );

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        failed.Report.Error.ShouldBe("TransactorOvertakenException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                $"^another deployment took the place of what was deployed to service orders-dev-{changed}, "
                    + $"ecs-svc/[0-9]+ with orders-dev:{revision}; nothing was put back; orders-dev-a runs "
            );
        (await OrdersService.Described(service, state)).ShouldContain($"{changed} {revision} ");

        await Redriven(failed, service, state, Rolled);
    }

    /// <summary>Its turn is still to come, or over: the pair is complete again, and whoever turned it off hears of it.</summary>
    [Theory]
    [InlineData("ReplaceStandby", true)]
    [InlineData("ReplaceActive", false)]
    public async Task One_that_somebody_turns_off_while_the_other_is_replaced_is_started_and_named(string task, bool isActive)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        var off = (active == "orders-dev-a") == isActive ? "a" : "b";
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, task, "10s", off, "DesiredCount: 0");

        var rolled = await OrdersService.Rehearse(service, state, "--schedule", schedule);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        rolled.Report.Notices.ShouldContain(notice =>
            notice.StartsWith($"transactor: orders-dev-{off} had a desired count of 0 and has 1 now, ", StringComparison.Ordinal)
        );
        (await OrdersService.Described(service, state)).ShouldMatch("^a . COMPLETED 1/1, b . COMPLETED 1/1$");
    }

    [Theory]
    [InlineData("transactor-does-not-take-over")]
    [InlineData("transactor-does-not-stand-by")]
    [InlineData("tasks-do-not-start")]
    public async Task What_the_deployer_itself_began_is_no_change_by_others_when_it_failed(string fault)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", fault);

        failed.ExitCode.ShouldBe(1, failed.Terminal);
        failed.Terminal.ShouldNotContain("Changed outside of deployments");
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(15));
            (await accounts.Tools.Ledger("dev").Query(LookRecord.All("orders", "dev"))).ShouldBeEmpty();
        }

        var history = await CommandLine.Print("history", service, "--target", "dev", "--rehearsed", state);
        history.Terminal.ShouldNotContain("Changed outside of deployments");
    }

    [Fact]
    public async Task A_new_release_that_may_change_the_format_of_the_storage_is_not_put_back_once_the_former_has_ended()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.9001");

        var plan = await OrdersService.Plan(service, state);
        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        plan.Json.ShouldContain("no way back: Datomic Pro 1.0.9001 may change the storage");
        plan.Json.ShouldContain("\"risks\": [\n");
        failed.Report.Error.ShouldBe("TakeoverFailedNoWayBackException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                "^no transactor is active: nothing can be written; the active transactor of orders-dev-[ab] has ended, and no other one "
                    + "took over; nothing was put back: Datomic Pro 1\\.0\\.9001 may change the storage's format"
            );
        failed.Report.Cause.ShouldMatch(Log("orders-dev-[ab]"));
        var words = string.Join(' ', failed.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain("Next Continue at the task that failed; finished steps are not run again:");
        words.ShouldContain($"redrive {failed.Report.Deployment} --state ");
        words.ShouldNotContain("deploy again");
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);

        await Redriven(failed, service, state, Rolled);
    }

    [Fact]
    public async Task A_release_before_a_change_of_format_is_refused()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.9001");
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.9001", "version: 1.0.7705");
        await SmallService.Change(service, "deployer.yaml", "@sha256:6f0c3b0e", "@sha256:5f0c3b0e");

        var plan = await OrdersService.Plan(service, state);
        var refused = await OrdersService.Rehearse(service, state);

        plan.ExitCode.ShouldBe(1, plan.Terminal);
        plan.Json.ShouldContain("SpecInvalidException: deployer.yaml:");
        plan.Json.ShouldContain("Datomic Pro 1.0.9001 runs, and 1.0.7705 may not be able to read its storage");
        refused.Report.Error.ShouldBe("SpecInvalidException", refused.Terminal);
        // It was refused while the order of the steps was decided.
        refused
            .Report.Steps.Select(step => (step.Name, step.Kind, step.Action))
            .ShouldBe([("transactor", "transactor", StepAction.NotStarted)]);
        refused.Terminal.ShouldContain("· transactor  not started");
        refused.Terminal.ShouldContain("  transactor: orders-dev-a runs orders-dev:3 (");
        refused.Report.Cause.ShouldNotBeNull().ShouldContain("Datomic Pro 1.0.9001 runs, and 1.0.7705 may not be able to read its storage");
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
    }

    [Fact]
    public async Task An_image_of_a_repository_that_is_not_there_is_put_back()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "/transactor@sha256", "/transactors@sha256");

        var failed = await OrdersService.Rehearse(service, state);

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("CannotPullContainerError");
        (await OrdersService.Described(service, state)).ShouldBe(Pair);
    }

    [Fact]
    public async Task A_transactor_that_is_killed_for_its_memory_while_it_is_watched_is_a_failure_that_says_what_runs()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var active = await OrdersService.Active(service, state);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", $"transactor-runs-out-of-memory:{active}");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("ended while the transactors were watched; orders-dev-a runs ");
        failed.Report.Cause.ShouldContain("exited with 137: OutOfMemoryError: Container killed due to memory usage");
        failed.Report.Cause.ShouldMatch("\n1 task of orders-dev-[ab] stopped: ");
        failed.Report.Cause.ShouldNotContain(":transactor/heartbeat", Case.Sensitive, "which it writes all the time");
        failed.Report.Cause.ShouldNotContain(":transactor/standby");
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));

        await Redriven(failed, service, state, Rolled);
    }

    [Fact]
    public async Task A_service_that_ECS_itself_rolls_back_is_a_failure_with_the_cause()
    {
        var service = await OrdersService.Write(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        var template = Repository.Text("templates/transactor.yaml");
        template.ShouldContain("Rollback: false");
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "transactor.yaml"),
            template.Replace("Rollback: false", "Rollback: true", StringComparison.Ordinal)
        );
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");

        var failed = await OrdersService.Rehearse(service, state, "--fault", "tasks-do-not-start");

        failed.Report.Error.ShouldBe("StandbyFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("failed: tasks failed to start");
        failed.Report.Cause.ShouldContain("exited with 1");
        failed.Report.Cause.ShouldContain("was put back to orders-dev:1");
        (await OrdersService.Described(service, state)).ShouldBe("a 1 COMPLETED 1/1, b 1 COMPLETED 1/1");
    }

    /// <summary>With it ECS ends the active transactor before its successor runs.</summary>
    [Fact]
    public async Task Services_whose_deployment_configuration_would_end_the_active_one_are_refused_and_not_touched()
    {
        var service = await OrdersService.Write(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "transactor.yaml"),
            Repository
                .Text("templates/transactor.yaml")
                .Replace("MinimumHealthyPercent: 100", "MinimumHealthyPercent: 0", StringComparison.Ordinal)
                .Replace("MaximumPercent: 200", "MaximumPercent: 100", StringComparison.Ordinal)
        );
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");

        var refused = await OrdersService.Rehearse(service, state);

        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith("service orders-dev-a has a minimumHealthyPercent of 0 and a maximumPercent of 100, with which ECS may end a");
        (refused.Count("RegisterTaskDefinition"), refused.Count("UpdateService")).ShouldBe((0, 0));
        (refused.Report.LocksHeld, refused.Report.WaitsOpen).ShouldBe((0, 0));
    }

    /// <summary>
    /// The standby of the new release may have been active when its deployment fails: ECS would have the former one start on a storage that
    /// it may not be able to read. Another image of the same release is rolled as ever.
    /// </summary>
    [Fact]
    public async Task A_release_that_may_change_the_format_is_refused_where_ECS_puts_the_former_one_back_by_itself()
    {
        var service = await OrdersService.Write(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        await File.WriteAllTextAsync(
            Path.Combine(service, "accounts", "transactor.yaml"),
            Repository.Text("templates/transactor.yaml").Replace("Rollback: false", "Rollback: true", StringComparison.Ordinal)
        );
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await OrdersService.AnotherImage(service);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.9001");

        var plan = await OrdersService.Plan(service, state);
        var refused = await OrdersService.Rehearse(service, state);

        const string Why =
            "the deployment circuit breaker of service orders-dev-a may have ECS put the former release back by itself: turn the rollback "
            + "off, as templates/transactor.yaml does, before a release that has no way back: Datomic Pro 1.0.9001 may change";
        plan.ExitCode.ShouldBe(1, plan.Terminal);
        plan.Json.ShouldContain("ServiceRefusedException: " + Why);
        refused.Report.Error.ShouldBe("ServiceRefusedException", refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain(Why);
        (refused.Count("RegisterTaskDefinition"), refused.Count("UpdateService")).ShouldBe((0, 0));
        (refused.Report.LocksHeld, refused.Report.WaitsOpen).ShouldBe((0, 0));

        await SmallService.Change(service, "deployer.yaml", "version: 1.0.9001", "version: 1.0.7705");
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
    }

    [Theory]
    [InlineData("monitoring:DescribeAlarms")]
    [InlineData("logs:GetLogEvents")]
    public async Task A_request_that_AWS_does_not_answer_during_a_roll_says_what_runs(string request)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", $"server-error:{request}:all");

        failed.Report.Error.ShouldBe("AwsUnavailableException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("orders-dev-a runs ");
        failed.Report.Cause.ShouldContain("orders-dev-b runs ");
    }

    [Theory]
    [InlineData("events-lost")]
    [InlineData("events-twice")]
    [InlineData("events-disordered")]
    public async Task Events_that_do_not_come_as_they_should_change_nothing(string fault)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);

        (await OrdersService.Rehearse(service, state, "--fault", fault)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
    }

    /// <summary>A line of the log of a task of a service.</summary>
    private static string Log(string service) => $"\nlog [^ ]+, task [0-9a-f]{{32}} of {service}: .*System started datomic:ddb://";

    private static async Task Redriven(CommandResult failed, string service, string state, string end)
    {
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);

        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe(end);
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
    }
}
