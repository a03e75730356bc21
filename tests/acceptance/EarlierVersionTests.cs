using System.IO.Compression;
using Deployer.Acceptance.Tests.Running;
using Deployer.Rehearsal.Iam;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Executions that failed under the version before run on under this one: its records, inputs and definitions are understood.
/// </summary>
public sealed class EarlierVersionTests : IDisposable
{
    private readonly TemporaryFolder _state = new();

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("stack-rolls-back", "group")]
    [InlineData("lambdas-half-fail", "ions")]
    public async Task A_failed_execution_is_redriven_to_success(string fixture, string failedStep)
    {
        // Fixtures/README.md says how these folders were made.
        var zip = Path.Combine(Repository.Root, "tests", "acceptance", "Fixtures", $"{fixture}.zip");
        await ZipFile.ExtractToDirectoryAsync(zip, _state.Path, TestContext.Current.CancellationToken);
        var execution = await MoveToThisMachine();

        var redriven = await CommandLine.InProcess("redrive", execution, "--state", _state.Path);

        redriven.ExitCode.ShouldBe(0, redriven.Report.Cause);
        redriven.Report.Verdict.ShouldBe("succeeded");
        redriven.Report.Deployment.ShouldBe(execution);
        redriven.Report.Executions.Single(found => found.Arn == execution).Redrives.ShouldBe(1);
        redriven.Report.Steps[0].Name.ShouldBe(failedStep);
        redriven.Report.Endpoints.Count.ShouldBe(2);
        redriven.ShouldLeaveNothingBehind();
    }

    /// <summary>Points the kept accounts at the example and at their repository where these are now.</summary>
    /// <returns>ARN of the execution that failed.</returns>
    private async Task<string> MoveToThisMachine()
    {
        await using var accounts = await SimulatedAccounts.Open(_state.Path);
        await accounts.MoveRepository();

        // The earlier template granted these two on ARNs, which they do not know; nobody installed it so on AWS.
        await accounts.Rehearsal.World.Do(() =>
            new Roles(accounts.Rehearsal.World).PutInlinePolicy(
                "111111111111",
                "deployer-dev-target",
                "targets",
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Resource":"*",
                "Action":["codedeploy:ListDeploymentTargets","codedeploy:BatchGetDeploymentTargets"]}]}
                """
            )
        );
        return (await accounts.Rehearsal.Executions()).Single(execution => execution.MachineName == "deployer-dev-deploy").Arn;
    }
}
