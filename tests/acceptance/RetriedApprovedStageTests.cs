using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;

namespace Deployer.Acceptance.Tests;

/// <summary>An approved deployment of a pipeline fails, is redriven, and its stage is retried then.</summary>
public sealed class RetriedApprovedStageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_turns_green_without_another_deployment_or_approval()
    {
        var service = await ApprovedInPipeline.Write(_folder.Path);
        var waiting = await CommandLine.InProcess("rehearse", service, "--target", "dev", "--state", State);
        waiting.ExitCode.ShouldBe(4, waiting.Terminal);
        string execution;
        await using (var failing = await SimulatedAccounts.OpenService(service, State, "stack-rolls-back"))
        {
            var failed = await failing.Approve(waiting.Report.Plan!.Plan);
            failed.Verdict.ShouldBe(Verdict.Failed, failed.Cause);
            execution = failed.Deployment!;
        }

        await using var accounts = await SimulatedAccounts.OpenService(service, State);
        (await accounts.Redrive(execution)).Verdict.ShouldBe(Verdict.Succeeded);
        var pipeline = new ServicePipeline(() => accounts);
        var run = (await pipeline.Executions())[0];
        (await pipeline.Status(run)).ShouldBe("Failed");
        var before = await Deployments(accounts);

        await pipeline.Retry(run);
        await accounts.Rehearsal.Pass(TimeSpan.FromMinutes(3));

        (await pipeline.Status(run)).ShouldBe("Succeeded");
        (await pipeline.DeployAction()).ExternalExecutionId.ShouldBe(execution);
        (await Deployments(accounts)).ShouldBe(before);
        (await accounts.Leftovers()).ShouldBe((0, 0));
    }

    private static async Task<int> Deployments(SimulatedAccounts accounts) =>
        (await accounts.Rehearsal.Executions()).Count(execution => execution.MachineName == "deployer-dev-deploy");
}
