using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>Somebody deploys while a deployment of the target runs, which has begun before the target had a rule.</summary>
public sealed class PlanBesideDeploymentTests : IDisposable
{
    private LogsService _service = null!;

    public void Dispose() => _service.Dispose();

    [Theory]
    [InlineData("approval: { for: [ replacements ] }", Verdict.Succeeded)]
    [InlineData("approval: true", Verdict.WaitingForApproval)]
    public async Task It_is_planned_after_what_runs_and_holds_then(string rule, Verdict verdict)
    {
        await Begun(rule);

        var deployed = await _service.Run("deploy");
        deployed.Report.Verdict.ShouldBe(verdict, deployed.Terminal);
        if (verdict == Verdict.WaitingForApproval)
        {
            deployed = await CommandLine.InProcess("approve", deployed.Report.Plan!.Plan, "--rehearsed", _service.State);
        }

        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded, deployed.Terminal);
        deployed.ShouldLeaveNothingBehind();
        (await _service.Run("deploy")).Report.Verdict.ShouldBe(Verdict.NothingToDo);
    }

    [Fact]
    public async Task A_plan_that_is_only_looked_at_waits_for_nothing()
    {
        await Begun("approval: true");

        var looked = await _service.Run("plan");

        looked.ExitCode.ShouldBe(0, looked.Terminal);
        await using var accounts = await SimulatedAccounts.OpenService(_service.Path, _service.State);
        (await accounts.Leftovers()).Locks.ShouldBe(1, "the other deployment runs still");
    }

    /// <summary>A deployment of another template runs, and the target has a rule since.</summary>
    private async Task Begun(string rule)
    {
        _service = await LogsService.Deployed();
        await _service.Change("approval: true, ", "");
        await _service.Retain(3);
        await using (var accounts = await SimulatedAccounts.OpenService(_service.Path, _service.State))
        {
            await accounts.Publish();
            await accounts.BeginDeployment(TimeSpan.FromSeconds(15));
            while ((await accounts.Leftovers()).Locks == 0)
            {
                await accounts.Rehearsal.Pass(TimeSpan.FromSeconds(1));
            }
        }

        await _service.Retain(5);
        await _service.Change("region: us-east-1, ", $"region: us-east-1, {rule}, ");
    }
}
