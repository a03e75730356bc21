using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Ledger;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// The example with a bake of five minutes: a release, one that raises an alert, the same by a redrive, the way back, and releases whose
/// nodes are in trouble.
/// </summary>
public sealed class Bake : IAsyncLifetime
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public CommandResult First { get; private set; } = null!;

    public CommandResult Alerted { get; private set; } = null!;

    public CommandResult Redriven { get; private set; } = null!;

    public CommandResult RolledBack { get; private set; } = null!;

    public CommandResult Low { get; private set; } = null!;

    public CommandResult Throttled { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        var description = Path.Combine(service, "deployer.yaml");
        await File.WriteAllTextAsync(
            description,
            (await File.ReadAllTextAsync(description)).Replace(
                "    allowConflicts:",
                "    bake: 5m\n    allowConflicts:",
                StringComparison.Ordinal
            )
        );
        First = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path);
        Alerted = await Release("alert-after-deploy");
        Redriven = await CommandLine.InProcess("redrive", Alerted.Report.Deployment!, "--state", _state.Path);
        RolledBack = await CommandLine.InProcess(
            "rollback",
            service,
            "--target",
            "dev",
            "--to",
            First.Report.Revision!,
            "--state",
            _state.Path
        );
        Low = await Release("memory-low-after-deploy");
        Throttled = await Release("throttled-after-deploy");

        async Task<CommandResult> Release(string fault)
        {
            await File.AppendAllTextAsync(Path.Combine(service, "ions", "src", "inventory", "ions.clj"), $"\n; a release with {fault}\n");
            return await CommandLine.InProcess("rehearse", service, "--target", "dev", "--fault", fault, "--state", _state.Path);
        }
    }

    public ValueTask DisposeAsync()
    {
        _state.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

public sealed class BakeTests(Bake bake) : IClassFixture<Bake>
{
    private const int BakeSeconds = 5 * 60;

    [Fact]
    public void A_release_without_alerts_takes_the_bake_and_succeeds()
    {
        bake.First.Report.Verdict.ShouldBe(Verdict.Succeeded, bake.First.Report.Cause);
        bake.First.Step("ions").Action.ShouldBe(StepAction.Released);
        bake.First.Step("ions").VirtualSeconds.ShouldBeGreaterThan(DeploySeconds(bake.First) + BakeSeconds);
        bake.First.Report.Pipeline.ShouldNotBeNull().Summary.ShouldBe("inventory is on dev: succeeded");
        bake.First.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void An_alert_fails_the_deployment_and_names_the_way_back()
    {
        bake.Alerted.Report.Error.ShouldBe("IonsBakeFailedException");
        var cause = bake.Alerted.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith(
            $"revision {bake.Alerted.Report.Revision} is live on inventory-dev and an alert came in its bake: log datomic-datomic-dev, "
        );
        cause.ShouldEndWith(
            $"Alert - Alerts; go back with deployer rollback --to {bake.First.Report.Revision}, or redrive to bake it again"
        );
        bake.Alerted.Report.Ions.ShouldHaveSingleItem().DeployStatus.ShouldBe("SUCCEEDED");
        bake.Alerted.ShouldReportToThePipelineOnce("failed");
        bake.Alerted.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void A_redrive_bakes_again_and_deploys_nothing()
    {
        bake.Redriven.Report.Verdict.ShouldBe(Verdict.Succeeded, bake.Redriven.Report.Cause);
        bake.Redriven.Count("StartBuild").ShouldBe(0);
        bake.Redriven.Count("CreateDeployment").ShouldBe(0);
        bake.Redriven.Step("ions").VirtualSeconds.ShouldBeGreaterThanOrEqualTo(BakeSeconds);
    }

    [Fact]
    public void The_way_back_bakes_too()
    {
        bake.RolledBack.Report.Verdict.ShouldBe(Verdict.Succeeded, bake.RolledBack.Report.Cause);
        bake.RolledBack.Report.Ions.ShouldHaveSingleItem()
            .Instances.ShouldAllBe(instance => instance.Revision == bake.First.Report.Revision);
        bake.RolledBack.Step("ions").VirtualSeconds.ShouldBeGreaterThan(DeploySeconds(bake.RolledBack) + BakeSeconds);
    }

    [Fact]
    public void Nodes_that_run_short_of_memory_fail_the_deployment()
    {
        bake.Low.Report.Error.ShouldBe("IonsBakeFailedException");
        var cause = bake.Low.Report.Cause.ShouldNotBeNull();
        cause.ShouldStartWith(
            $"revision {bake.Low.Report.Revision} is live on inventory-dev and memory ran "
                + "short in its bake: JvmFreeMb was below 15 % of 3000 for 3 consecutive minutes, 200 at "
        );
        cause.ShouldEndWith($"; go back with deployer rollback --to {bake.First.Report.Revision}, or redrive to bake it again");
        bake.Low.ShouldLeaveNothingBehind();
    }

    [Fact]
    public void Requests_that_are_turned_away_fail_the_deployment()
    {
        bake.Throttled.Report.Error.ShouldBe("IonsBakeFailedException");
        bake.Throttled.Report.Cause.ShouldNotBeNull()
            .ShouldContain("and requests were turned away in its bake because the nodes were busy: HttpDirectThrottled was ");
        bake.Throttled.ShouldLeaveNothingBehind();
    }

    /// <summary>Two nodes take a minute at least, however fast.</summary>
    private static double DeploySeconds(CommandResult result) => result.Report.Ions[0].Instances.Count * 30;
}
