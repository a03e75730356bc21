using System.IO.Compression;
using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Rehearsal.Iam;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Executions that failed under the version before run on under this one: its records, inputs and definitions are understood.
/// </summary>
public sealed class EarlierVersionTests : IDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly TemporaryFolder _service = new();

    public void Dispose()
    {
        _state.Dispose();
        _service.Dispose();
    }

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
        redriven.Report.Verdict.ShouldBe(Verdict.Succeeded);
        redriven.Report.Deployment.ShouldBe(execution);
        redriven.Report.Executions.Single(found => found.Arn == execution).Redrives.ShouldBe(1);
        redriven.Report.Steps[0].Name.ShouldBe(failedStep);
        redriven.Report.Endpoints.Count.ShouldBe(2);
        redriven.ShouldLeaveNothingBehind();
    }

    /// <summary>
    /// Points the kept accounts at the example and at their repository where these are now. Their builds share one role, as in all
    /// installations of the version before.
    /// </summary>
    /// <returns>ARN of the execution that failed.</returns>
    private async Task<string> MoveToThisMachine()
    {
        var service = CommandLine.CopyInventory(_service.Path);
        await SmallService.Drop(service, "accounts/accounts.yaml", "      BuildRoles: service\n", "  - account: target");
        await SmallService.Drop(
            service,
            "accounts/accounts.yaml",
            "  - account: tools                       # the role of its builds",
            "  - account: target                      # Datomic"
        );
        // That version did not write down what it had made the stacks from.
        await SmallService.Change(service, "accounts/service.yaml", "Outputs:\n", "Outputs:\n  Level: { Value: changed }\n");
        await using var accounts = await SimulatedAccounts.OpenService(service, _state.Path);
        await accounts.MoveRepository();
        (await accounts.Target.CloudFormation.DescribeStacksAsync(new DescribeStacksRequest { StackName = "inventory-service" }))
            .Stacks.Single()
            .Outputs.ShouldContain(output => output.OutputKey == "Level" && output.OutputValue == "changed");

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
