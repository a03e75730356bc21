using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>Somebody deploys another revision to the group by hand while the deployer is about to.</summary>
public sealed class AnotherIonDeploymentTests : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _state.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_is_waited_for_and_then_the_wanted_revision_is_deployed()
    {
        await using var accounts = await AfterAnEarlierRelease();
        var another = await accounts.DeployIonsByHand();

        var deployed = await accounts.Deploy();

        deployed.Verdict.ShouldBe(Verdict.Succeeded, deployed.Cause);
        deployed.Ions.ShouldHaveSingleItem().Instances.ShouldAllBe(instance => instance.Revision == deployed.Revision);
        var executions = (await accounts.Rehearsal.Executions())
            .Where(execution => execution.MachineName == "datomic-inventory-dev")
            .OrderBy(execution => execution.StartedAt)
            .ToList();
        executions[^2].Arn.ShouldBe(another);
        executions[^1].StartedAt.ShouldBeGreaterThanOrEqualTo(executions[^2].StoppedAt!.Value);
    }

    /// <summary>
    /// ListExecutions is eventually consistent: https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html.
    /// </summary>
    [Fact]
    public async Task What_is_wanted_runs_at_the_end_beside_one_that_is_not_listed_yet()
    {
        await using var accounts = await AfterAnEarlierRelease();
        var another = await accounts.DeployIonsUnseenBeside();

        var deployed = await accounts.Deploy();

        another.IsCompletedSuccessfully.ShouldBeTrue("nobody deployed beside it");
        deployed.Verdict.ShouldBe(Verdict.Succeeded, deployed.Cause);
        deployed.Ions.ShouldHaveSingleItem().Instances.ShouldAllBe(instance => instance.Revision == deployed.Revision);
    }

    private async Task<SimulatedAccounts> AfterAnEarlierRelease()
    {
        var service = CommandLine.CopyInventory(_folder.Path);
        await File.AppendAllTextAsync(Path.Combine(service, "ions", "src", "inventory", "ions.clj"), "\n; an earlier release\n");
        (await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", _state.Path)).Report.Verdict.ShouldBe(
            Verdict.Succeeded
        );
        return await SimulatedAccounts.Open(_state.Path);
    }
}
