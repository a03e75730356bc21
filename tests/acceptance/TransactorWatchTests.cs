using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Services;

namespace Deployer.Acceptance.Tests;

/// <summary>What is watched after transactors were replaced: the alarms of their stack, the metric Alarm, and the peers.</summary>
public sealed class TransactorWatchTests : IDisposable
{
    private const string Rolled = "a 3 COMPLETED 1/1, b 3 COMPLETED 1/1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_alarm_of_CloudWatch_that_goes_off_after_the_roll_began_is_a_failure_with_its_reason()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-reports-alarms");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                @"^the alarm orders-dev-alarm is on: Threshold Crossed: 1 out of the last 1 datapoints \[1\] crossed the threshold "
                    + @"\(0\.0\)\.; orders-dev-a runs "
            );
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));

        // What runs has no changes and was never seen to be well: another deployment watches it, and does not call it deployed before.
        var again = await OrdersService.Rehearse(service, state);

        again.Report.Error.ShouldBe("TransactorUnsteadyException", again.Terminal);
        again.Report.Cause.ShouldNotBeNull().ShouldStartWith("the alarm orders-dev-alarm is on: ");
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
    }

    /// <summary>A redrive watches what runs, and starts nothing; another deployment does.</summary>
    [Fact]
    public async Task A_standby_that_somebody_ends_while_it_is_watched_is_started_by_another_deployment()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(_folder.Path, "WatchTransactors", "30s", "B", "DesiredCount: 0");

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);
        var again = await OrdersService.Rehearse(service, state);

        failed.Report.Error.ShouldBe("TransactorTurnedOffException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldStartWith("the desired count of orders-dev-b was set to 0 by somebody");
        failed.Report.Cause.ShouldNotContain("rollback", customMessage: "the release was not at fault");
        Words(failed).ShouldContain("then deploy again:");
        again.Report.Verdict.ShouldBe(Verdict.Succeeded, again.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
    }

    /// <summary>Nothing is said against what was deployed, and no rollback advised.</summary>
    [Fact]
    public async Task A_deployment_of_others_while_it_is_watched_is_named_and_another_deployment_takes_its_place()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await OrdersService.AnotherImage(service);
        var schedule = await OrdersService.ScheduleChange(
            _folder.Path,
            "WatchTransactors",
            "60s",
            "A",
            $"TaskDefinition: '{OrdersService.Definition(1)}'"
        );

        var failed = await OrdersService.Rehearse(service, state, "--schedule", schedule);
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        var again = await OrdersService.Rehearse(service, state);

        failed.Report.Error.ShouldBe("TransactorReplacedException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                "^deployment ecs-svc/[0-9]+ of service orders-dev-a was replaced; another deployment took its place, ecs-svc/[0-9]+ with "
                    + "orders-dev:1; orders-dev-a runs "
            );
        failed.Report.Cause.ShouldNotContain("rollback", customMessage: "the release was not at fault");
        Words(failed).ShouldNotContain("unhealthy");
        Words(failed).ShouldContain("then deploy again:");
        redriven.Report.Error.ShouldBe("TransactorReplacedException", "what others have deployed is none of this release");
        redriven
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                "^another deployment took the place of what was deployed to service orders-dev-a, ecs-svc/[0-9]+ with orders-dev:1"
            );
        again.Report.Verdict.ShouldBe(Verdict.Succeeded, again.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);
    }

    /// <summary>A rollback there is refused: the older release may not read what the newer one has stored.</summary>
    [Fact]
    public async Task After_a_change_of_the_storage_s_format_no_rollback_is_offered()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "version: 1.0.7705", "version: 1.0.9999");

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-reports-alarms");

        failed.Report.Error.ShouldBe("TransactorUnsteadyNoWayBackException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldContain("; there is no way back to the release before: Datomic Pro 1.0.9999 may change the storage's format, so that ");
        var words = string.Join(' ', failed.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        words.ShouldContain("Deploy a newer release, or look at this one again:");
        words.ShouldContain($"redrive {failed.Report.Deployment} --state ");
        words.ShouldNotContain("rollback");
        failed.Json.ShouldNotContain("deployer rollback");
        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.Terminal.ShouldNotContain("rollback");
    }

    [Fact]
    public async Task What_the_transactor_before_reported_until_the_takeover_does_not_count_against_a_rollback()
    {
        var service = await WithTemplate();
        await SmallService.Change(service, "accounts/transactor.yaml", "AlarmName: !Sub ${Name}-alarm", "AlarmName: !Sub ${Name}-another");
        var state = Path.Combine(_folder.Path, "state");
        var first = await OrdersService.Rehearse(service, state);
        first.ExitCode.ShouldBe(0, first.Terminal);
        await OrdersService.AnotherImage(service);
        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-reports-alarms");
        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            // It reports an alarm each minute meanwhile.
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        }

        var back = await CommandLine.InProcess(
            "rollback",
            service,
            "--target",
            "dev",
            "--to",
            first.Report.Revision.ShouldNotBeNull(),
            "--state",
            state
        );

        back.Report.Verdict.ShouldBe(Verdict.Succeeded, back.Report.Cause ?? back.Terminal);
    }

    [Fact]
    public async Task The_metric_Alarm_of_a_new_transactor_is_a_failure_without_an_alarm_as_well()
    {
        var service = await WithTemplate();
        await SmallService.Change(service, "accounts/transactor.yaml", "AlarmName: !Sub ${Name}-alarm", "AlarmName: !Sub ${Name}-another");

        var failed = await OrdersService.Rehearse(service, Path.Combine(_folder.Path, "state"), "--fault", "transactor-reports-alarms");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch("^the metric Alarm was [1-9] while the transactors were watched; orders-dev-a runs ");
    }

    [Fact]
    public async Task An_alarm_that_was_on_before_and_one_that_is_missing_are_notices()
    {
        var service = await WithTemplate();
        await SmallService.Change(service, "accounts/transactor.yaml", "AlarmName: !Sub ${Name}-b-memory", "AlarmName: !Sub ${Name}-other");
        await SmallService.Change(
            service,
            "accounts/transactor.yaml",
            "      MetricName: MemoryUtilization\n      Dimensions: [{ Name: ClusterName, Value: !Ref Cluster }, { Name: ServiceName, "
                + "Value: !Sub \"${Name}-a\" }]\n      Statistic: Maximum\n      Period: 60\n      EvaluationPeriods: 5\n",
            // After its first minute, which is over before anything is deployed.
            "      MetricName: HeartbeatMsec\n      Dimensions: [{ Name: Transactor, Value: !Ref Name }]\n"
                + "      Statistic: Maximum\n      Period: 60\n      EvaluationPeriods: 1\n"
        );
        await SmallService.Change(
            service,
            "accounts/transactor.yaml",
            "little memory left beside its heap.\n      Namespace: AWS/ECS\n      MetricName: HeartbeatMsec",
            "little memory left beside its heap.\n      Namespace: Datomic\n      MetricName: HeartbeatMsec"
        );

        var deployed = await OrdersService.Rehearse(service, Path.Combine(_folder.Path, "state"));

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Report.Cause ?? deployed.Terminal);
        deployed.Json.ShouldContain("the alarm orders-dev-a-memory was on before the transactors were replaced, and still is: Threshold");
        deployed.Json.ShouldContain("there is no alarm orders-dev-b-memory in CloudWatch, so that it was not watched");
    }

    [Fact]
    public async Task An_alarm_that_was_on_for_the_missing_standby_is_waited_for_when_a_single_transactor_becomes_a_pair()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await SmallService.Change(service, "deployer.yaml", "mode: pair", "mode: single\n    allowWriteGap: true");
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await OrdersService.AnotherImage(service);
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            // The alarm goes on, after the transactor that stays has started.
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(10));
        }

        await SmallService.Change(service, "deployer.yaml", "mode: single\n    allowWriteGap: true", "mode: pair");

        var paired = await OrdersService.Rehearse(service, state);

        paired.Report.Verdict.ShouldBe(Verdict.Succeeded, paired.Report.Cause ?? paired.Terminal);
        Words(paired).ShouldNotContain("standby-missing");
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 3 COMPLETED 1/1");
    }

    [Fact]
    public async Task An_alarm_of_a_missing_standby_that_stays_on_is_a_failure_that_names_it()
    {
        var service = await WithTemplate();
        await SmallService.Change(service, "accounts/transactor.yaml", "MetricName: HeartMonitorMsec", "MetricName: Nothing");

        var failed = await OrdersService.Rehearse(service, Path.Combine(_folder.Path, "state"));

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldMatch(
                "^the alarm orders-dev-standby-missing went on before all transactors ran, and is on still after 1[5-9] minutes: Threshold "
                    + "Crossed: no datapoints were received for 5 periods\\.; orders-dev-a runs "
            );
        (failed.Report.LocksHeld, failed.Report.WaitsOpen).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Peers_that_come_back_are_no_notice()
    {
        var (service, state) = await WithPeers();

        var rolled = await OrdersService.Rehearse(service, state);

        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        rolled.Json.ShouldNotContain(" peers ");
    }

    [Fact]
    public async Task The_fault_of_peers_strikes_the_example_as_it_is()
    {
        var state = Path.Combine(_folder.Path, "state");
        // With this seed peers are connected while the transactors are watched.
        var failed = await OrdersService.Rehearse(OrdersService.Example, state, "--fault", "peers-stay-away", "--seed", "3");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed.Report.Faults.ShouldNotBeNull().ShouldHaveSingleItem().Struck.ShouldBeTrue();
        failed.Report.Cause.ShouldNotBeNull().ShouldMatch("^0 of [12] peers are connected to the new transactor; ");
    }

    [Fact]
    public async Task Peers_that_stay_away_are_a_failure()
    {
        var (service, state) = await WithPeers();

        var failed = await OrdersService.Rehearse(service, state, "--fault", "peers-stay-away");

        failed.Report.Error.ShouldBe("TransactorUnsteadyException", failed.Terminal);
        failed
            .Report.Cause.ShouldNotBeNull()
            .ShouldStartWith(
                "0 of 2 peers are connected to the new transactor; a peer that keeps its connection to the former transactor has to be "
                    + "restarted, if it still runs; orders-dev-a runs "
            );
        (await OrdersService.Described(service, state)).ShouldBe(Rolled);

        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts.Rehearsal.Pass(TimeSpan.FromHours(2));
        }

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.Report.Error.ShouldBe("TransactorUnsteadyException", "they are away still, however late it is");

        await using (var accounts = await SimulatedAccounts.OpenService(service, state))
        {
            await accounts
                .Target.Target(OrdersService.Region)
                .Ecs.UpdateServiceAsync(
                    new Amazon.ECS.Model.UpdateServiceRequest
                    {
                        Cluster = OrdersService.Name,
                        Service = $"{OrdersService.Name}-web",
                        DesiredCount = 3,
                    },
                    TestContext.Current.CancellationToken
                );
            await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(20));
        }

        var some = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        some.ExitCode.ShouldBe(0, some.Terminal);
        Words(some)
            .ShouldContain(
                "1 of 2 peers are connected again; a peer that keeps its connection to the former transactor has to be "
                    + "restarted, if it still runs"
            );
    }

    /// <summary>What a person reads, whatever the width of the terminal.</summary>
    private static string Words(CommandResult result) =>
        string.Join(' ', result.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<(string Service, string State)> WithPeers()
    {
        var service = await OrdersService.Write(_folder.Path);
        var state = Path.Combine(_folder.Path, "state");
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await OrdersService.AnotherImage(service);
        return (service, state);
    }

    /// <summary>The example with a copy of the template that the caller changes.</summary>
    private async Task<string> WithTemplate()
    {
        var service = await OrdersService.Write(_folder.Path);
        await File.WriteAllTextAsync(Path.Combine(service, "accounts", "transactor.yaml"), Repository.Text("templates/transactor.yaml"));
        await SmallService.Change(service, "accounts/accounts.yaml", "template: deployer/transactor", "template: transactor.yaml");
        return service;
    }
}
