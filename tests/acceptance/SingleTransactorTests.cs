using Deployer.Acceptance.Tests.Running;

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

        var plan = await CommandLine.InProcess("plan", service, "--target", "dev", "--state", state);
        var rolled = await OrdersService.Rehearse(service, state);
        var again = await OrdersService.Rehearse(service, state);

        plan.Json.ShouldContain("mode single: nothing is written for two heartbeats of 5 s");
        plan.Json.ShouldContain("10 to 15 s");
        rolled.Report.Verdict.ShouldBe("succeeded", rolled.Terminal);
        (await OrdersService.Described(service, state)).ShouldBe("a 3 COMPLETED 1/1, b 2 COMPLETED 0/0");
        var after = await OrdersService.Writer(service, state);
        after.Gaps.Skip(gaps).ShouldHaveSingleItem().Length.ShouldNotBeNull().ShouldBeLessThan(ThreeHeartbeats);
        after.IsWritable.ShouldBeTrue();
        again.Report.Verdict.ShouldBe("nothing-to-do");
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

        dropped.Report.Verdict.ShouldBe("succeeded", dropped.Terminal);
        after.ShouldBeOneOf("a 2 COMPLETED 1/1, b 2 COMPLETED 0/0", "a 2 COMPLETED 0/0, b 2 COMPLETED 1/1");
        dropped.Count("RegisterTaskDefinition").ShouldBe(0);
        dropped.Step("transactor").VirtualSeconds.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(5).TotalSeconds);
        again.Report.Verdict.ShouldBe("nothing-to-do", again.Terminal);
        again.ShouldChangeNothing();
    }

    [Fact]
    public async Task A_takeover_that_does_not_happen_raises_the_former_again()
    {
        var (state, service) = await OrdersService.CopyDeployed(_folder.Path, isSingle: true);
        await OrdersService.AnotherImage(service);

        var failed = await OrdersService.Rehearse(service, state, "--fault", "transactor-does-not-take-over");

        failed.Report.Error.ShouldBe("TakeoverFailedException", failed.Terminal);
        failed.Report.Cause.ShouldNotBeNull().ShouldContain("orders-dev-b runs orders-dev:2 (active)");
        (await OrdersService.Writer(service, state)).IsWritable.ShouldBeTrue();

        var redriven = await CommandLine.InProcess("redrive", failed.Report.Deployment!, "--state", state);
        redriven.ExitCode.ShouldBe(0, redriven.Terminal);
        (await OrdersService.Described(service, state)).ShouldStartWith("a 3 COMPLETED 1/1, b ");
    }
}
