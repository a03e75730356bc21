using Amazon.CloudFormation.Model;
using Deployer.Acceptance.Tests.Running;
using Deployer.Cli.Places;
using Deployer.Functions.Stacks;
using Deployer.Functions.Steps;

namespace Deployer.Acceptance.Tests;

/// <summary>
/// Plans over a stack whose creation was rolled back: it can only be deleted, and no change set can be made of it.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
/// </summary>
public sealed class PlanOfFailedStackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private string _service = null!;

    private string State => Path.Combine(_folder.Path, "state");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("true", true)]
    [InlineData("{ for: [ replacements, removals, risky ] }", false)]
    public async Task It_is_planned_to_be_removed_and_created_again_and_that_is_what_is_deployed(string rule, bool asks)
    {
        await FailToCreate();
        await SmallService.Change(_service, "deployer.yaml", "region: us-east-1, values", $"region: us-east-1, approval: {rule}, values");

        var planned = await Run("plan");

        planned.ExitCode.ShouldBe(0, planned.Terminal);
        var step = PlannedExample.Read(planned).Steps.ShouldHaveSingleItem();
        (step.Action, step.Problem).ShouldBe((PlannedAction.Create, null));
        planned.Terminal.ShouldContain("stack inventory-dev-logs is ROLLBACK_COMPLETE: it would be removed and created again");
        (await Status()).ShouldBe("ROLLBACK_COMPLETE", "a plan changes nothing");

        var deployed = await Run("deploy");
        if (asks)
        {
            deployed.ExitCode.ShouldBe(4, deployed.Terminal);
            deployed = await CommandLine.InProcess("approve", deployed.Report.Plan!.Plan, "--rehearsed", State);
        }

        deployed.ExitCode.ShouldBe(0, deployed.Terminal);
        deployed.Report.Verdict.ShouldBe(Verdict.Succeeded);
        deployed.Report.Plan!.ApprovedBy.ShouldBe(asks ? "root with deployer approve" : null);
        deployed.ShouldLeaveNothingBehind();
        (await Status()).ShouldBe("CREATE_COMPLETE");
    }

    [Fact]
    public async Task A_plan_of_its_drift_says_that_it_cannot_be_looked_at()
    {
        await FailToCreate();

        var planned = await CommandLine.InProcess("plan", _service, "--target", "dev", "--state", State, "--drift");

        planned.ExitCode.ShouldBe(0, planned.Terminal);
        string.Join(' ', planned.Terminal.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .ShouldContain("stack inventory-dev-logs could not be checked for changes by hand: Drift detection operation can not be");
    }

    private async Task FailToCreate()
    {
        _service = CommandLine.CopyInventory(_folder.Path);
        await SmallService.WriteAlone(_service, "  logs: { stack: \"inventory-${target}-logs\", template: stacks/logs.yaml }");
        await File.WriteAllTextAsync(
            Path.Combine(_service, "stacks", "logs.yaml"),
            "Resources: { Orders: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: inventory-dev-orders } } }\n",
            TestContext.Current.CancellationToken
        );
        var failed = await Run("rehearse", "--fault", "stack-rolls-back");
        failed.Report.Error.ShouldBe(nameof(StackFailedException), failed.Terminal);
        (await Status()).ShouldBe("ROLLBACK_COMPLETE");
    }

    private Task<CommandResult> Run(string command, params string[] options) =>
        CommandLine.InProcess([command, _service, "--target", "dev", "--state", State, .. options]);

    private async Task<string> Status()
    {
        await using var accounts = await SimulatedAccounts.OpenService(_service, State);
        var stacks = await accounts.Call<DescribeStacksResponse>(new DescribeStacksRequest { StackName = "inventory-dev-logs" });
        return stacks.Stacks.ShouldHaveSingleItem().StackStatus.Value;
    }
}
