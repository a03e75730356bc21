using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Transactors whose services were left on two releases of Datomic Pro: by a roll that failed half way, or in mode single by the part that
/// is down. What may follow depends on the release that writes the storage.
/// </summary>
public sealed class MixedReleasesTests : IDisposable
{
    private const string NoWayBack = "no way back: Datomic Pro 1.0.9001 may change the storage's format";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_part_that_is_down_decides_nothing()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service, '5', '6');
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        await Release(service, "1.0.7705", "1.0.9001");
        await OrdersService.AnotherImage(service, '6', '7');
        (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
        const string Newer = "a 3 COMPLETED 0/0, b 4 COMPLETED 1/1";
        (await OrdersService.Described(service, state)).ShouldBe(Newer);

        await OrdersService.AnotherImage(service, '7', '8');
        var same = await OrdersService.Plan(service, state);
        await Release(service, "1.0.9001", "1.0.7705");
        var older = await OrdersService.Plan(service, state);
        var refused = await OrdersService.Rehearse(service, state);

        same.ExitCode.ShouldBe(0, same.Terminal);
        same.Json.ShouldContain("the image would be ");
        same.Json.ShouldNotContain("no way back", Case.Sensitive, "the release that runs stays the same");
        const string Why = "Datomic Pro 1.0.9001 runs, and 1.0.7705 may not be able to read its storage";
        older.ExitCode.ShouldBe(1, older.Terminal);
        older.Json.ShouldContain(Why);
        refused.Report.Error.ShouldBe("SpecInvalidException", refused.Terminal);
        refused.Report.Cause.ShouldNotBeNull().ShouldContain(Why);
        (refused.Count("RegisterTaskDefinition"), refused.Count("UpdateService")).ShouldBe((0, 0));
        (await OrdersService.Described(service, state)).ShouldBe(Newer);
    }

    /// <summary>The standby has the new release, and the active transactor the former one: in both services once.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_roll_that_failed_half_way_has_still_to_cross_the_change_of_format(bool isSwapped)
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        var image = '5';
        var first = await OrdersService.Active(service, state);
        var active = first;
        // Which of the two takes over depends on whose heartbeats are missed first.
        while (isSwapped && active == first)
        {
            await OrdersService.AnotherImage(service, image, ++image);
            (await OrdersService.Rehearse(service, state)).Report.Verdict.ShouldBe(Verdict.Succeeded);
            active = await OrdersService.Active(service, state);
        }

        await Release(service, "1.0.7705", "1.0.9001");
        await OrdersService.AnotherImage(service, image, ++image);
        var halfway = await OrdersService.Rehearse(service, state, "--fault", $"tasks-do-not-start:{active}");
        halfway.Report.Error.ShouldBe("TakeoverFailedException", halfway.Terminal);
        (await OrdersService.Active(service, state)).ShouldBe(active);

        await OrdersService.AnotherImage(service, image, ++image);
        var onwards = await OrdersService.Plan(service, state);
        await Release(service, "1.0.9001", "1.0.7705");
        var back = await OrdersService.Plan(service, state);

        onwards.ExitCode.ShouldBe(0, onwards.Terminal);
        onwards.Json.ShouldContain("\"risks\": [\n");
        onwards.Json.ShouldContain(NoWayBack);
        back.ExitCode.ShouldBe(0, back.Terminal);
        back.Json.ShouldNotContain("no way back", Case.Sensitive, "the newer release has never written");
        back.Json.ShouldNotContain("downgrade");

        var rolled = await OrdersService.Rehearse(service, state);
        rolled.Report.Verdict.ShouldBe(Verdict.Succeeded, rolled.Terminal);
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_single_transactor_of_a_release_with_another_format_is_not_put_back_once_the_former_has_ended()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await Release(service, "1.0.7705", "1.0.9001");
        await OrdersService.AnotherImage(service, '5', '6');

        var plan = await OrdersService.Plan(service, state);
        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        plan.Json.ShouldContain(NoWayBack);
        failed.Report.Error.ShouldBe("TakeoverFailedNoWayBackException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("nothing was put back: Datomic Pro 1.0.9001 may change the storage's format");
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
    }

    /// <summary>Both have stood by for minutes; the one that takes over then is watched from its takeover on.</summary>
    [Fact]
    public async Task A_release_that_takes_over_only_after_a_redrive_is_watched_as_long_as_any_other()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path);
        await Release(service, "1.0.7705", "1.0.9001");
        await OrdersService.AnotherImage(service, '5', '6');
        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");
        failed.Report.Error.ShouldBe("TakeoverFailedNoWayBackException", failed.Terminal);

        var redriven = await CommandLine.InProcess(
            "redrive",
            failed.Report.Deployment!,
            "--state",
            state,
            "--fault",
            "transactor-reports-alarms"
        );

        redriven.Report.Error.ShouldBe("TransactorUnsteadyNoWayBackException", redriven.Terminal);
    }

    private static Task Release(string service, string before, string after) =>
        SmallService.Change(service, "deployer.yaml", $"version: {before}", $"version: {after}");
}
